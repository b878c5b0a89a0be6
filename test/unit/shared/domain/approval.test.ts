import { applyOutcome } from '../../../../shared/domain/applyOutcome';
import { decideApproval } from '../../../../shared/domain/approval';
import { parseComment } from '../../../../shared/domain/comment';
import { type Invitation, STATUSES } from '../../../../shared/domain/invitation';
import { newInvitation } from '../../../../shared/domain/newInvitation';
import { nextStep, wakeUpOf } from '../../../../shared/domain/nextStep';
import { ID, REQUESTED_AT, aPolicy, aRequest, anInvitationThatIs } from '../../../support/invitations';
import { askedFor, rules } from '../../../support/requests';

const NOW = '2026-03-03T09:00:00.000Z';
const policy = aPolicy();

/** Held for approval, with a date that lies ahead. */
const held: Invitation = newInvitation(
  {
    id: ID,
    person: '00112233445566778899aabbccddeeff',
    caller: 'hr',
    request: aRequest({
      approval: { required: true, expiresAfter: 'P14D' },
      notBefore: '2026-03-10T08:00:00.000Z',
    }),
    warnings: [],
    takesClaim: true,
    sendAt: '2026-03-02T10:00:00.000Z',
  },
  REQUESTED_AT,
).invitation;

function decided(...[decision, comment]: ['approved' | 'rejected', string?]): Invitation {
  const made = decideApproval(held, decision, 'ada', NOW, comment);
  if (made.type !== 'change') throw new Error(made.type);
  return made.change.invitation;
}

it('is held until somebody approves, whatever its date and the gate say', () => {
  expect(held).toMatchObject({ status: 'awaitingApproval', approvalExpiresAt: '2026-03-16T09:00:00.000Z' });
  expect(held).not.toHaveProperty('nextAttemptAt');
  expect(wakeUpOf(held, NOW, policy)).toEqual({ at: '2026-03-16T09:00:00.000Z', lane: 1 });
});

it('goes its way once it is approved, with who, when and why', () => {
  const approved = decided('approved', 'Welcome.');
  expect(approved).toMatchObject({
    status: 'scheduled',
    holdsClaim: true,
    approval: { decision: 'approved', at: NOW, by: 'ada', comment: 'Welcome.' },
  });
  expect(approved).not.toHaveProperty('approvalExpiresAt');
  expect(wakeUpOf(approved, NOW, policy)).toEqual({ at: '2026-03-10T08:00:00.000Z', lane: 0 });
});

it('is closed once it is rejected, and gives its claim back', () => {
  const rejected = decided('rejected');
  expect(rejected).toMatchObject({ status: 'rejected', holdsClaim: false, closedAt: NOW });
  expect(rejected.approval).toEqual({ decision: 'rejected', at: NOW, by: 'ada' });
  expect(wakeUpOf(rejected, NOW, policy)).toBeUndefined();
});

it('is rejected by itself when nobody decided in time, and only then', () => {
  const overdue = '2026-03-16T09:00:00.000Z';
  expect(nextStep(held, overdue, policy)).toEqual({ type: 'rejectOverdue' });
  const change = applyOutcome(held, { type: 'approvalExpired' }, overdue, policy);
  expect(change?.invitation).toMatchObject({ status: 'rejected', holdsClaim: false });
  expect(change?.history).toMatchObject([{ what: 'approvalExpired', by: 'workflow' }]);
  for (const status of STATUSES.filter((each) => each !== 'awaitingApproval')) {
    expect(applyOutcome(anInvitationThatIs(status), { type: 'approvalExpired' }, overdue, policy)).toBeUndefined();
  }
});

it('takes the same decision again for that one, and refuses the other', () => {
  expect(decideApproval(decided('approved'), 'approved', 'bob', NOW)).toEqual({ type: 'nothing' });
  expect(decideApproval(decided('rejected'), 'approved', 'bob', NOW)).toEqual({
    type: 'conflict',
    fault: {
      code: 'statusForbids',
      message: 'An invitation that is rejected can’t be approved; only an awaitingApproval one can.',
    },
  });
});

describe('whether a request waits for approval', () => {
  const listed = rules({ approvalRequiredDomains: ['*.fabrikam.com', 'fabrikam.com'] });
  const approvalOf = (body: object, by = rules()) =>
    askedFor({ invitedUserEmailAddress: 'ada@fabrikam.com', inviteRedirectUrl: 'https://a.example', ...body }, by)
      .request.approval;

  it('is as the request says, unless the settings name its domain', () => {
    expect(approvalOf({})).toBeUndefined();
    expect(approvalOf({ approval: { required: true } })).toEqual({ required: true, expiresAfter: 'P14D' });
    expect(approvalOf({ approval: { required: false } }, listed)).toEqual({ required: true, expiresAfter: 'P14D' });
    expect(approvalOf({ invitedUserEmailAddress: 'ada@HR.Fabrikam.com' }, listed)).toBeDefined();
    expect(approvalOf({ invitedUserEmailAddress: 'ada@contoso.com' }, listed)).toBeUndefined();
  });

  it('is told of each recipient of a share', () => {
    const share = {
      kind: 'driveItem',
      target: '/drives/d/root',
      roles: ['read'],
      inviteRedirectUrl: 'https://a.example',
    };
    expect(askedFor({ ...share, recipients: [{ email: 'ada@fabrikam.com' }] }, listed).request.approval).toBeDefined();
    expect(askedFor({ ...share, recipients: [{ alias: 'ada' }] }, listed).request.approval).toBeUndefined();
  });
});

it('takes a comment of a thousand characters, or none', () => {
  expect(parseComment({ comment: 'x'.repeat(1000) })).toEqual({ ok: true, comment: 'x'.repeat(1000) });
  expect(parseComment({})).toEqual({ ok: true, comment: undefined });
  expect(parseComment({ comment: 'x'.repeat(1001) })).toMatchObject({ ok: false, faults: [{ target: 'comment' }] });
  expect(parseComment({ why: 'x' })).toMatchObject({ ok: false, faults: [{ code: 'unknownProperty' }] });
});

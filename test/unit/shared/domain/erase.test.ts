import { eraseDecision } from '../../../../shared/domain/erase';
import { type Invitation, STATUSES, phaseOf } from '../../../../shared/domain/invitation';
import { nextStep, wakeUpOf } from '../../../../shared/domain/nextStep';
import { decideResetRedemption, decideRetry } from '../../../../shared/domain/operatorDecisions';
import { parsePerson } from '../../../../shared/domain/person';
import {
  aPolicy,
  aRemoval,
  aRequest,
  anExpiredInvitation,
  anInvitationThatIs,
  omit,
} from '../../../support/invitations';
import { REPLACED, aLinkedInRequest, aPendingLinkedIn, aPendingShare, aShareRequest } from '../../../support/kinds';

const NOW = '2026-09-01T09:00:00.000Z';

function erased(invitation: Invitation): Invitation {
  const decision = eraseDecision(invitation, 'admin', NOW);
  if (decision.type !== 'change') throw new Error(decision.type);
  return decision.change.invitation;
}

/** Words of a person that must be gone, wherever they were. */
const SECRET = 'ada-lovelace';
const common = {
  notBefore: '2026-03-10T08:00:00.000Z',
  replaces: REPLACED,
  source: 'hr',
  approval: { required: true as const, expiresAfter: 'P14D' },
  externalId: SECRET,
  metadata: { name: SECRET },
};
const graph = {
  id: 'graph-1',
  status: 'PendingAcceptance',
  roles: ['read'],
  invitedUser: { id: 'user-1', userPrincipalName: `${SECRET}#EXT#@contoso.com` },
  externalUserState: 'Accepted',
  externalUserStateChangeDateTime: '2026-03-05T09:00:00Z',
  grantedTo: { user: { displayName: SECRET } },
  invitation: { email: `${SECRET}@fabrikam.com` },
};
const closed = { status: 'accepted' as const, holdsClaim: false, graph, closedAt: '2026-03-05T09:00:00.000Z' };
const approval = { decision: 'approved' as const, at: NOW, by: 'bob', comment: SECRET };

it.each<[string, Invitation]>([
  [
    'guest',
    anExpiredInvitation({
      ...closed,
      approval,
      request: aRequest({
        ...common,
        invitedUserEmailAddress: `${SECRET}@fabrikam.com`,
        invitedUserDisplayName: SECRET,
        invitedUserMessageInfo: { customizedMessageBody: SECRET },
      }),
    }),
  ],
  [
    'driveItem',
    aPendingShare({
      ...closed,
      request: aShareRequest({ ...common, message: SECRET, password: SECRET, recipients: [{ alias: SECRET }] }),
    }),
  ],
  [
    'linkedIn',
    aPendingLinkedIn({
      ...closed,
      request: aLinkedInRequest({
        ...common,
        inviter: SECRET,
        invitee: SECRET,
        trackingId: SECRET,
        message: { invitationTemplateID: SECRET },
      }),
    }),
  ],
])('erases every word of the person and keeps ids, times and the rest of the request: %s', (kind, invitation) => {
  const after = erased(invitation);
  expect(JSON.stringify(after)).not.toContain(SECRET);
  expect(after).toMatchObject({
    id: invitation.id,
    person: invitation.person,
    status: 'accepted',
    erasedAt: NOW,
    request: { kind, source: 'hr', replaces: REPLACED, expireAfter: 'P30D' },
    graph: { id: 'graph-1', invitedUser: { id: 'user-1' }, externalUserState: 'Accepted', roles: ['read'] },
  });
});

it('keeps nothing of Graph where nothing is known, and makes nothing up', () => {
  expect(erased(anInvitationThatIs('failed'))).not.toHaveProperty('graph');
  expect(erased({ ...anInvitationThatIs('failed'), graph: {} }).graph).toEqual({});
});

it.each(STATUSES)('is for closed ones alone: %s', (status) => {
  const decision = eraseDecision(anInvitationThatIs(status), 'admin', NOW);
  expect(decision.type).toBe(phaseOf(status) === 'closed' ? 'change' : 'conflict');
});

it.each<[string, Partial<Invitation>]>([
  ['a removal is due', { removal: { status: 'due', tries: 0 } }],
  ['a removal is under way', { intent: aRemoval() }],
  ['another is to be replaced', { replaces: { id: REPLACED, status: 'due' } }],
  ['a group is to be joined', { status: 'accepted', groups: [{ id: 'g', status: 'due', tries: 0 }] }],
])('waits while %s', (_what, changes) => {
  const expired = anExpiredInvitation(changes);
  expect(eraseDecision(expired, 'admin', NOW)).toMatchObject({ type: 'conflict', fault: { code: 'workOutstanding' } });
});

it('is done once, and then nothing is due, tried again or reset any more', () => {
  const after = erased(anInvitationThatIs('failed'));
  expect(eraseDecision(after, 'admin', NOW)).toEqual({ type: 'nothing' });
  expect(wakeUpOf(after, NOW, aPolicy({ retainMs: 1 }))).toBeUndefined();
  expect(decideRetry(after, 'admin', NOW)).toMatchObject({ type: 'conflict', fault: { code: 'erased' } });
  const accepted = erased({ ...anInvitationThatIs('accepted'), graph });
  expect(decideResetRedemption(accepted, 'admin', NOW)).toMatchObject({ fault: { code: 'erased' } });
});

it('falls due RETAIN_DAYS after closing, or after the request where an older version noted no closing', () => {
  const policy = aPolicy({ retainMs: 24 * 3_600_000 });
  const failed = anInvitationThatIs('failed');
  expect(wakeUpOf(failed, NOW, policy)).toEqual({ at: '2026-03-04T09:00:00.000Z', lane: 1 });
  const undated = omit(failed, 'closedAt') as Invitation;
  expect(wakeUpOf(undated, NOW, policy)?.at).toBe('2026-03-03T09:00:00.000Z');
  expect(nextStep(failed, NOW, policy)).toEqual({ type: 'erase' });
  expect(wakeUpOf(failed, NOW, aPolicy())).toBeUndefined();
});

describe('the person whom a query names', () => {
  it.each([
    ['email', 'Ada@FABRIKAM.com', 'ada@fabrikam.com'],
    ['objectId', 'CBB896F9-8306-49D0-B56B-B8E39CD28825', 'objectId:cbb896f9-8306-49d0-b56b-b8e39cd28825'],
    ['alias', 'Ada', 'alias:ada'],
  ])('by %s, beside the host’s key', (name, value, person) => {
    expect(
      parsePerson([
        ['code', 'x'],
        [name, value],
      ]),
    ).toEqual({ ok: true, person });
  });

  it.each<[string, [string, string][]]>([
    ['nobody', []],
    ['another name', [['name', 'Ada']]],
    [
      'two',
      [
        ['email', 'ada@fabrikam.com'],
        ['alias', 'ada'],
      ],
    ],
    ['no address', [['email', 'ada']]],
  ])('is not understood: %s', (_what, query) => {
    expect(parsePerson(query)).toMatchObject({ ok: false, faults: [{ code: 'invalidValue', target: 'email' }] });
  });
});

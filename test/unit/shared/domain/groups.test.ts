import { applyOutcome } from '../../../../shared/domain/applyOutcome';
import type { GroupMembership, Invitation } from '../../../../shared/domain/invitation';
import { nextStep, wakeUpOf } from '../../../../shared/domain/nextStep';
import type { GroupOutcome } from '../../../../shared/domain/outcome';
import { parseRequest } from '../../../../shared/domain/parseRequest';
import { rules } from '../../../support/requests';
import { aPendingInvitation, aPolicy, aRequest, anInvitationThatIs } from '../../../support/invitations';

const NOW = '2026-03-03T09:00:00.000Z';
const LATER = '2026-03-03T09:10:00.000Z';
const policy = aPolicy();
const request = aRequest({ groups: ['group-1', 'group-2'] });
const fault = { code: 'Request_ResourceNotFound', message: 'Not there.' };

const due = (id: string, tries = 0): GroupMembership => ({ id, status: 'due', tries });
const joined = (id: string): GroupMembership => ({ id, status: 'joined', at: NOW });

const anAccepted = (groups: GroupMembership[], changes: Partial<Invitation> = {}): Invitation => ({
  ...anInvitationThatIs('accepted'),
  request,
  acceptedAt: NOW,
  groups,
  ...changes,
});
const apply = (invitation: Invitation, outcome: GroupOutcome) => applyOutcome(invitation, outcome, NOW, policy);
const later = (changes: object = {}): GroupOutcome => ({
  type: 'groupLater',
  groupId: 'group-1',
  fault,
  retryAt: LATER,
  waited: false,
  ...changes,
});

describe('the groups of a request', () => {
  it('are due once the person has accepted', () => {
    const accepted = applyOutcome(aPendingInvitation({ request }), { type: 'redeemed', userId: 'u' }, NOW, policy);
    expect(accepted?.invitation.groups).toEqual([due('group-1'), due('group-2')]);
    expect(wakeUpOf(accepted!.invitation, NOW, policy)).toEqual({ at: NOW, lane: 1 });
  });

  it('stay joined when the person accepts anew after a reset', () => {
    const groups: GroupMembership[] = [joined('group-1'), { id: 'group-2', status: 'failed', code: 'x' }];
    const again = applyOutcome(aPendingInvitation({ request, groups }), { type: 'redeemed' }, NOW, policy);
    expect(again?.invitation.groups).toEqual([joined('group-1'), due('group-2')]);
  });

  it('plan nothing before, and nothing where there are none', () => {
    const accepted = applyOutcome(aPendingInvitation(), { type: 'redeemed' }, NOW, policy);
    expect(accepted?.invitation).not.toHaveProperty('groups');
    expect(wakeUpOf(accepted!.invitation, NOW, policy)).toBeUndefined();
  });
});

describe('an accepted invitation with groups', () => {
  it('joins one after the other, in the order of the request', () => {
    expect(nextStep(anAccepted([due('group-1'), due('group-2', 3)]), NOW, policy)).toEqual({
      type: 'joinGroup',
      groupId: 'group-1',
      tries: 0,
    });
    expect(nextStep(anAccepted([joined('group-1'), due('group-2', 3)]), NOW, policy)).toEqual({
      type: 'joinGroup',
      groupId: 'group-2',
      tries: 3,
    });
  });

  it('has one wake-up until all are done, at the first that is due', () => {
    const waiting: GroupMembership = { id: 'group-1', status: 'due', tries: 1, retryAt: LATER };
    expect(nextStep(anAccepted([waiting, due('group-2')]), NOW, policy)).toMatchObject({ groupId: 'group-2' });
    expect(wakeUpOf(anAccepted([waiting, joined('group-2')]), NOW, policy)).toEqual({ at: LATER, lane: 1 });
    const done: GroupMembership = { id: 'group-1', status: 'failed', code: 'x' };
    expect(wakeUpOf(anAccepted([done, joined('group-2')]), NOW, policy)).toBeUndefined();
  });
});

describe('what became of a group', () => {
  const invitation = anAccepted([due('group-1', 2), due('group-2')]);

  it('joined: the history says so', () => {
    const change = apply(invitation, { type: 'groupJoined', groupId: 'group-1' });
    expect(change?.invitation.groups).toEqual([joined('group-1'), due('group-2')]);
    expect(change?.history).toEqual([{ at: NOW, what: 'groupJoined', by: 'workflow', detail: 'group-1' }]);
  });

  it('failed: only that group, with Graph’s code', () => {
    const change = apply(invitation, { type: 'groupFailed', groupId: 'group-1', fault });
    expect(change?.invitation).toMatchObject({
      status: 'accepted',
      groups: [{ id: 'group-1', status: 'failed', code: 'Request_ResourceNotFound' }, due('group-2')],
    });
    expect(change?.history[0]).toMatchObject({ what: 'groupFailed', detail: 'group-1: Request_ResourceNotFound' });
  });

  it('later: tried again, and the try counts', () => {
    const change = apply(invitation, later());
    expect(change?.invitation.groups?.[0]).toEqual({ id: 'group-1', status: 'due', tries: 3, retryAt: LATER });
    expect(change?.history).toEqual([]);
  });

  it('fails at the thirtieth try; waiting for Graph is none', () => {
    const tried = anAccepted([due('group-1', 29)]);
    expect(apply(tried, later())?.invitation.groups?.[0]).toMatchObject({ status: 'failed' });
    expect(apply(tried, later({ waited: true }))?.invitation.groups?.[0]).toMatchObject({ status: 'due', tries: 29 });
  });

  it.each([
    ['the group is done', anAccepted([joined('group-1')])],
    ['the group is not of this invitation', anAccepted([due('group-9')])],
    ['there are no groups', anInvitationThatIs('accepted')],
    ['the redemption was reset', anAccepted([due('group-1')], { status: 'queued' })],
  ])('means nothing when %s', (_when, from) => {
    expect(apply(from, { type: 'groupJoined', groupId: 'group-1' })).toBeUndefined();
  });
});

describe('groups in the body of a request', () => {
  const given = rules({ inviteRedirectUrl: 'https://myapp.contoso.example', remindAfter: [] });
  const parse = (groups: unknown) => parseRequest({ invitedUserEmailAddress: 'ada@fabrikam.example', groups }, given);
  const guid = (last: number) => `01900000-ABCD-4000-8000-0000000000${String(last).padStart(2, '0')}`;

  it('are ids, each once', () => {
    expect(parse([guid(1), guid(1).toLowerCase(), guid(2)])).toMatchObject({
      ok: true,
      asked: [
        { request: { groups: ['01900000-abcd-4000-8000-000000000001', '01900000-abcd-4000-8000-000000000002'] } },
      ],
    });
  });

  it.each([
    ['eleven of them', Array.from({ length: 11 }, (_, number) => guid(number))],
    ['a name', ['Project team']],
    ['no list', guid(1)],
  ])('are refused when they are %s', (_what, groups) => {
    expect(parse(groups)).toMatchObject({ ok: false });
  });
});

import { applyOutcome } from '../../../../shared/domain/applyOutcome';
import type { Change } from '../../../../shared/domain/history';
import { type Invitation, STATUSES, type Status } from '../../../../shared/domain/invitation';
import { nextStep, wakeUpOf } from '../../../../shared/domain/nextStep';
import type { Outcome } from '../../../../shared/domain/outcome';
import {
  aFirstSend,
  aPendingInvitation,
  aPolicy,
  aQueuedInvitation,
  aReminder,
  aRemoval,
  aRequest,
  aSend,
  anExpiredInvitation,
  anInvitationInReview,
  anInvitationThatIs,
  omit,
} from '../../../support/invitations';
import {
  GUEST_INVITATION,
  REPLACED,
  aPendingLinkedIn,
  aPendingShare,
  aQueuedLinkedIn,
  aQueuedShare,
  aShareRequest,
  aWaitingShare,
} from '../../../support/kinds';

const NOW = '2026-03-05T09:00:06.000Z';
const RETRY_AT = '2026-03-05T09:05:00.000Z';
const policy = aPolicy();
const fault = {
  code: 'accountVerificationRequired',
  message: 'Account verification needed to unblock sending emails.',
};
const permission = { id: 'permission-1', roles: ['read'] };

const apply = (invitation: Invitation, outcome: Outcome, by = policy) => applyOutcome(invitation, outcome, NOW, by);

function changed(invitation: Invitation, outcome: Outcome, by = policy): Change {
  const change = apply(invitation, outcome, by);
  if (!change) throw new Error(`${outcome.type} meant nothing.`);
  return change;
}

const told = ({ history }: Change): string[] => history.map(({ what }) => what);

describe('outcomes without an intent, in every status', () => {
  const outcomes: [outcome: Outcome, meansSomethingIn: Status[]][] = [
    [{ type: 'waitsForGuest', invitationId: GUEST_INVITATION }, ['queued']],
    [{ type: 'guestMissing', fault }, ['scheduled', 'queued']],
    [{ type: 'updated', requestedAt: NOW, graph: {} }, [...STATUSES]],
    [{ type: 'updateRefused', requestedAt: NOW, fault }, [...STATUSES]],
    [{ type: 'replacedRevoked' }, [...STATUSES]],
    [{ type: 'replacedBusy', until: RETRY_AT }, [...STATUSES]],
    [{ type: 'enqueued', sendAt: NOW }, ['scheduled']],
    [{ type: 'enqueued', sendAt: NOW, guest: {} }, []],
  ];
  const cases = outcomes.flatMap(([outcome, statuses]) =>
    STATUSES.map((status) => ({
      what: 'guest' in outcome ? `${outcome.type} with a guest` : outcome.type,
      status,
      outcome,
      means: statuses.includes(status) ? 'something' : 'nothing',
    })),
  );
  /** With all that could be told of: a change that Graph is told, an invitation that is replaced. */
  const asked = (status: Status): Invitation => ({
    ...anInvitationThatIs(status),
    updateRequestedAt: NOW,
    replaces: { id: REPLACED, status: 'due' },
  });

  it.each(cases)('$what means $means to one that is $status', ({ status, outcome, means }) => {
    expect(apply(asked(status), outcome) === undefined ? 'nothing' : 'something').toBe(means);
  });

  it.each(STATUSES)('what nobody asked for means nothing to one that is %s', (status) => {
    const invitation = anInvitationThatIs(status);
    expect(apply(invitation, { type: 'updated', requestedAt: NOW, graph: {} })).toBeUndefined();
    expect(apply(invitation, { type: 'replacedRevoked' })).toBeUndefined();
    expect(apply(invitation, { type: 'replacedBusy', until: RETRY_AT })).toBeUndefined();
  });

  it.each<Outcome>([
    { type: 'waitsForGuest', invitationId: GUEST_INVITATION },
    { type: 'guestMissing', fault },
    { type: 'redeemed' },
    { type: 'notRedeemed', state: null },
    { type: 'reminderSkipped', reminderIndex: 0, state: null },
  ])('$type means nothing while Graph is being asked', (outcome) => {
    expect(apply(aQueuedShare({ intent: aFirstSend() }), outcome)).toBeUndefined();
    expect(apply(aPendingShare({ intent: aReminder() }), outcome)).toBeUndefined();
    expect(apply(anExpiredInvitation({ intent: aRemoval() }), outcome)).toBeUndefined();
  });
});

describe('a share whose person is not in the directory', () => {
  it('waits for the guest invitation, and looks at it at once', () => {
    const queued = aQueuedShare({ nextAttemptAt: '2026-03-06T00:00:00.000Z', waits: 3 });
    const { invitation, history } = changed(queued, { type: 'waitsForGuest', invitationId: GUEST_INVITATION });
    expect(invitation).toMatchObject({ status: 'scheduled', waitsFor: GUEST_INVITATION, waits: 0 });
    expect(history).toMatchObject([{ what: 'waitsForGuest', detail: GUEST_INVITATION }]);
    expect(nextStep(invitation, NOW, policy)).toEqual({ type: 'awaitGuest', invitationId: GUEST_INVITATION });
  });

  it('goes on once the guest is invited, and remembers who that is and since when', () => {
    const { invitation } = changed(aWaitingShare({ waits: 2 }), {
      type: 'enqueued',
      sendAt: RETRY_AT,
      guest: { userId: 'user-1' },
    });
    expect(invitation).toMatchObject({
      status: 'queued',
      waits: 0,
      nextAttemptAt: RETRY_AT,
      guestReadyAt: NOW,
      graph: { invitedUser: { id: 'user-1' } },
    });
    expect(invitation).not.toHaveProperty('waitsFor');
    expect(nextStep(invitation, RETRY_AT, policy)).toEqual({ type: 'send', number: 0, cause: 'first' });
  });

  it('goes on without the guest’s id where none is known', () => {
    const { invitation } = changed(aWaitingShare(), { type: 'enqueued', sendAt: NOW, guest: {} });
    expect(invitation.guestReadyAt).toBe(NOW);
    expect(invitation).not.toHaveProperty('graph');
  });

  it('is not sent off by a date that came meanwhile, nor one with a date by a guest', () => {
    expect(apply(aWaitingShare(), { type: 'enqueued', sendAt: NOW })).toBeUndefined();
    const dated = aQueuedShare({ status: 'scheduled' });
    expect(apply(dated, { type: 'enqueued', sendAt: NOW, guest: { userId: 'user-1' } })).toBeUndefined();
  });

  it('fails with the reason where the guest will not come, and gives its claim back', () => {
    const { invitation, history } = changed(aWaitingShare(), { type: 'guestMissing', fault });
    expect(invitation).toMatchObject({ status: 'failed', fault, holdsClaim: false, closedAt: NOW });
    expect(invitation).not.toHaveProperty('waitsFor');
    expect(history).toMatchObject([{ what: 'refused', detail: 'accountVerificationRequired' }]);
  });
});

describe('a share that Graph made', () => {
  const sending = (changes: Partial<Invitation> = {}) => aQueuedShare({ intent: aFirstSend(), ...changes });
  const sent: Outcome = { type: 'sent', attemptId: 'attempt-0', graph: permission };
  const UNMAILED = { request: aShareRequest({ sendInvitation: false }) };

  it('is pending, its permission known as ours where it was not there before', () => {
    const { invitation } = changed(sending(), sent);
    expect(invitation).toMatchObject({ status: 'pendingAcceptance', graph: permission, madePermission: true });
    expect(invitation).not.toHaveProperty('guestCreatedAfter');
  });

  it.each([
    ['was there before', { before: { known: true as const, permissionId: 'permission-1' } }],
    ['may have been', {}],
  ])('is not known as ours where it %s', (_what, changes) => {
    const intent = { ...omit(aFirstSend(), 'before'), ...changes };
    expect(changed(sending({ intent }), sent).invitation).not.toHaveProperty('madePermission');
  });

  it('is known as ours where an earlier invitation made it', () => {
    const before = { known: true as const, permissionId: 'permission-1', isOurs: true as const };
    const { invitation } = changed(sending({ intent: aFirstSend({ before }) }), sent);
    expect(invitation.madePermission).toBe(true);
  });

  it('skips a reminder once the permission was taken away, and says why', () => {
    const skipped: Outcome = { type: 'reminderSkipped', reminderIndex: 0, state: 'notFound' };
    const { invitation, history } = changed(aPendingShare(), skipped);
    expect(invitation.remindersDone).toBe(1);
    expect(history).toMatchObject([{ what: 'reminderSkipped', detail: 'the permission is not there any more' }]);
  });

  it('stays ours when it is mailed again', () => {
    const pending = aPendingShare({ intent: aReminder() });
    expect(changed(pending, { ...sent, attemptId: 'attempt-1' }).invitation.madePermission).toBe(true);
  });

  it('is ours where a later mail made it, though its answer was lost', () => {
    const pending = aPendingShare({ intent: { ...aReminder(), before: { known: false } } });
    const lost = omit(pending, 'graph', 'madePermission') as Invitation;
    const unknown: Outcome = { type: 'unknown', attemptId: 'attempt-1', fault };
    const resolved: Outcome = { type: 'resolved', attemptId: 'attempt-1', verdict: { found: 'notSent' } };
    for (const outcome of [unknown, resolved]) {
      expect(changed(lost, outcome).invitation.madePermission).toBe(true);
    }
  });

  it('is accepted at once where the person needs to accept nothing', () => {
    const change = changed(sending(), { ...sent, isRedeemed: true });
    expect(change.invitation).toMatchObject({
      status: 'accepted',
      acceptedAt: NOW,
      holdsClaim: false,
      sends: [{ number: 0, status: 'sent' }],
      graph: permission,
    });
    expect(change.invitation.graph).not.toHaveProperty('externalUserState');
    expect(told(change)).toEqual(['sent', 'accepted']);
    expect(wakeUpOf(change.invitation, NOW, policy)).toBeUndefined();
  });

  it.each([
    ['pending', false],
    ['accepted at once', true],
  ])('is taken back where somebody revoked it meanwhile, though it were %s', (_what, isRedeemed) => {
    const revoked = sending({ revokeRequested: { at: NOW, by: 'hr' } });
    const change = changed(revoked, { ...sent, isRedeemed });
    expect(change.invitation).toMatchObject({ status: 'revoked', removal: { status: 'due', tries: 0 } });
    expect(told(change)).toEqual(['sent', 'revoked']);
    expect(nextStep(change.invitation, NOW, policy)).toEqual({ type: 'removeGuest' });
  });

  it('is taken back too where only a later look found it, and it were accepted', () => {
    const revoked = sending({ ...UNMAILED, revokeRequested: { at: NOW, by: 'hr' } });
    const verdict = { found: 'sent' as const, graph: permission, isRedeemed: true };
    const { invitation } = changed(revoked, { type: 'resolved', attemptId: 'attempt-0', verdict });
    expect(invitation).toMatchObject({ status: 'revoked', removal: { status: 'due' }, madePermission: true });
  });

  it('but a guest who has redeemed stays accepted', () => {
    const revoked = aQueuedInvitation({ intent: aFirstSend(), revokeRequested: { at: NOW, by: 'hr' } });
    const verdict = { found: 'sent' as const, graph: { externalUserState: 'Accepted' }, isRedeemed: true };
    expect(changed(revoked, { type: 'resolved', attemptId: 'attempt-0', verdict }).invitation.status).toBe('accepted');
  });

  it('is found by a later look where no mail was wanted, pending or accepted', () => {
    for (const [isRedeemed, status] of [
      [false, 'pendingAcceptance'],
      [true, 'accepted'],
    ] as const) {
      const verdict = { found: 'sent' as const, graph: permission, isRedeemed };
      const { invitation } = changed(sending(UNMAILED), { type: 'resolved', attemptId: 'attempt-0', verdict });
      expect(invitation).toMatchObject({ status, madePermission: true, graph: permission });
    }
  });
});

describe('a share whose mail failed', () => {
  const unmailed: Outcome = { type: 'unmailed', attemptId: 'attempt-0', graph: permission, fault, retryAt: RETRY_AT };
  const sending = (changes: Partial<Invitation> = {}) => aQueuedShare({ intent: aFirstSend(), ...changes });

  it('is the same send again at the time given, its permission known as ours', () => {
    const change = changed(sending(), unmailed);
    expect(change.invitation).toMatchObject({
      status: 'queued',
      sends: [],
      unmailedTries: 1,
      waits: 1,
      madePermission: true,
      graph: permission,
    });
    expect(change.invitation).not.toHaveProperty('intent');
    expect(change.history).toMatchObject([{ what: 'sharedUnmailed', detail: 'accountVerificationRequired' }]);
    expect(wakeUpOf(change.invitation, NOW, policy)).toEqual({ at: RETRY_AT, lane: 0 });
    expect(nextStep(change.invitation, RETRY_AT, policy)).toEqual({ type: 'send', number: 0, cause: 'first' });
  });

  it('needs a person after MAX_SEND_ATTEMPTS, in a sentence that says what to do', () => {
    const change = changed(sending({ unmailedTries: 7 }), unmailed);
    expect(change.invitation).toMatchObject({ status: 'needsReview', holdsClaim: true, unmailedTries: 8 });
    expect(change.invitation.fault).toEqual({
      code: 'notMailed',
      message:
        'The item is shared, but Microsoft Graph’s mail failed each time. Tell the person yourself and confirm it as sent, ' +
        'or try again. Account verification needed to unblock sending emails.',
    });
    expect(told(change)).toEqual(['sharedUnmailed', 'needsReview']);
  });

  it.each(['', 'x'])('cuts no character of Graph’s words in two (%j before them)', (before) => {
    const long = { ...unmailed, fault: { code: 'x', message: `${before}${'😀'.repeat(499)}` } };
    const message = changed(sending({ unmailedTries: 7 }), long).invitation.fault?.message ?? '';
    expect(message).not.toMatch(/\p{Surrogate}/u);
    expect(message.endsWith('😀')).toBe(true);
  });

  it('gives up a reminder instead, and the next one is mailed at its time', () => {
    const pending = aPendingShare({ intent: aReminder({ attemptId: 'attempt-0' }), unmailedTries: 7 });
    const change = changed(pending, unmailed);
    expect(change.invitation).toMatchObject({ status: 'pendingAcceptance', remindersDone: 1, fault, waits: 0 });
    expect(change.invitation).not.toHaveProperty('unmailedTries');
    expect(change.invitation).not.toHaveProperty('nextAttemptAt');
    const unchecked = omit(change.invitation, 'nextCheckAt') as Invitation;
    expect(wakeUpOf(unchecked, NOW, policy)?.at).toBe('2026-03-09T09:00:05.000Z');
  });

  it('gives up a re-send, and with it the reminders it stood for', () => {
    const intent = aReminder({ attemptId: 'attempt-0', cause: 'resend', reminderIndex: 1 });
    const pending = aPendingShare({ intent, resendRequestedAt: NOW, unmailedTries: 7 });
    const change = changed(pending, unmailed);
    expect(change.invitation).toMatchObject({ status: 'pendingAcceptance', remindersDone: 2 });
    expect(change.invitation).not.toHaveProperty('resendRequestedAt');
    expect(told(change)).toEqual(['sharedUnmailed', 'reminderSkipped']);
  });

  it('tries a re-send again, and it is still the re-send', () => {
    const intent = omit(aReminder({ attemptId: 'attempt-0', cause: 'resend' }), 'reminderIndex');
    const { invitation } = changed(aPendingShare({ intent, resendRequestedAt: NOW }), unmailed);
    expect(nextStep(invitation, RETRY_AT, policy)).toMatchObject({ type: 'send', number: 1, cause: 'resend' });
  });

  it('counts tries from the last mail on', () => {
    const sent: Outcome = { type: 'sent', attemptId: 'attempt-0', graph: permission };
    expect(changed(sending({ unmailedTries: 7 }), sent).invitation).not.toHaveProperty('unmailedTries');
  });

  it('is taken back where somebody revoked it meanwhile', () => {
    const change = changed(sending({ revokeRequested: { at: NOW, by: 'hr' } }), unmailed);
    expect(change.invitation).toMatchObject({ status: 'revoked', removal: { status: 'due' } });
    expect(told(change)).toEqual(['sharedUnmailed', 'revoked']);
  });

  it.each([
    ['a removal', anExpiredInvitation({ intent: aRemoval({ attemptId: 'attempt-0' }) })],
    ['another attempt', sending({ intent: aFirstSend({ attemptId: 'other' }) })],
    ['none', aQueuedShare()],
  ])('means nothing to %s', (_what, invitation) => {
    expect(apply(invitation, unmailed)).toBeUndefined();
  });
});

describe('an answer that is unknown', () => {
  const unclear: Outcome = { type: 'resolved', attemptId: 'attempt-0', verdict: { found: 'unclear' } };
  const notSent: Outcome = { type: 'resolved', attemptId: 'attempt-0', verdict: { found: 'notSent' } };
  const share = aQueuedShare({ intent: aFirstSend() });
  const linkedIn = aQueuedLinkedIn({ intent: omit(aFirstSend(), 'before', 'graphNow') });

  it.each([
    ['a share', share, /^Whether the share was mailed is not known/],
    ['LinkedIn', linkedIn, /^Whether the invitation was added is not known/],
  ])('of %s that nothing tells of needs a person', (_what, invitation, words) => {
    const { invitation: review } = changed(invitation, unclear);
    expect(review).toMatchObject({ status: 'needsReview', holdsClaim: true, fault: { code: 'sendUnclear' } });
    expect(review.fault?.message).toMatch(words);
  });

  it('of LinkedIn is not looked at any more until somebody decides', () => {
    expect(wakeUpOf(changed(linkedIn, unclear).invitation, NOW, policy)).toBeUndefined();
  });

  it('of a share whose permission is not there is mailed again, or needs a person where the settings are strict', () => {
    expect(changed(share, notSent).invitation).toMatchObject({ status: 'queued', resolvedTries: 1 });
    const strict = changed(share, notSent, aPolicy({ ambiguousSends: 'strict' })).invitation;
    expect(strict.fault?.message).toMatch(
      /^Whether the share was mailed is not known: Graph does not show the permission/,
    );
  });

  it('fails after MAX_SEND_ATTEMPTS in the words of its kind', () => {
    const worn = { ...share, resolvedTries: 7 };
    expect(changed(worn, notSent).invitation).toMatchObject({
      status: 'failed',
      fault: {
        code: 'noAnswer',
        message: 'Microsoft Graph gave no answer to any try, and the permission never appeared on the item.',
      },
    });
  });
});

describe('LinkedIn', () => {
  it('is looked at by nobody once it was added, and expires', () => {
    const sent: Outcome = { type: 'sent', attemptId: 'attempt-0', graph: { id: 'linkedIn-1' } };
    const { invitation } = changed(aQueuedLinkedIn({ intent: aFirstSend() }), sent);
    expect(invitation).toMatchObject({ status: 'pendingAcceptance', graph: { id: 'linkedIn-1' } });
    expect(invitation).not.toHaveProperty('nextCheckAt');
    expect(wakeUpOf(invitation, NOW, policy)).toEqual({ at: '2026-04-04T09:00:06.000Z', lane: 1 });
    const expired = changed(invitation, { type: 'expired' }, aPolicy({ onExpiry: 'removeGuest' })).invitation;
    expect(expired.status).toBe('expired');
    for (const name of ['nextCheckAt', 'lateCheckUntil', 'removal']) expect(expired).not.toHaveProperty(name);
    expect(wakeUpOf(expired, NOW, policy)).toBeUndefined();
  });

  it('is told of a change until Graph has it, and the fault of an earlier one is over then', () => {
    const pending = aPendingLinkedIn({ updateRequestedAt: NOW, nextAttemptAt: NOW, waits: 2, fault });
    const change = changed(pending, { type: 'updated', requestedAt: NOW, graph: { id: 'linkedIn-1' } });
    expect(change.invitation).toMatchObject({ status: 'pendingAcceptance', waits: 0, graph: { id: 'linkedIn-1' } });
    for (const name of ['updateRequestedAt', 'nextAttemptAt', 'fault'])
      expect(change.invitation).not.toHaveProperty(name);
    expect(told(change)).toEqual(['updated']);
  });

  it('keeps the fault of a change that Graph refuses, and asks no more', () => {
    const pending = aPendingLinkedIn({ updateRequestedAt: NOW });
    const change = changed(pending, { type: 'updateRefused', requestedAt: NOW, fault });
    expect(change.invitation).toMatchObject({ status: 'pendingAcceptance', fault });
    expect(change.invitation).not.toHaveProperty('updateRequestedAt');
    expect(change.history).toMatchObject([{ what: 'updateRefused', detail: 'accountVerificationRequired' }]);
  });

  it('is told of a change that came while it was told of the one before', () => {
    const pending = aPendingLinkedIn({ updateRequestedAt: RETRY_AT });
    expect(apply(pending, { type: 'updated', requestedAt: NOW, graph: {} })).toBeUndefined();
    expect(apply(pending, { type: 'updateRefused', requestedAt: NOW, fault })).toBeUndefined();
  });

  it('is told once more where an answer comes after that to a later change: it may have come there after it, too', () => {
    const requestedAt = '2026-03-02T09:00:05.500Z';
    const pending = aPendingLinkedIn({ toldAt: '2026-03-02T09:00:05.900Z' });
    const change = changed(pending, { type: 'updated', requestedAt, graph: {} });
    expect(change.invitation.updateRequestedAt).toBe(NOW);
    expect(apply(pending, { type: 'updateRefused', requestedAt, fault })).toBeUndefined();
    expect(apply({ ...pending, status: 'expired' }, { type: 'updated', requestedAt, graph: {} })).toBeUndefined();
  });

  it('is not told once more for an answer that is heard twice', () => {
    const pending = aPendingLinkedIn({ toldAt: NOW });
    expect(apply(pending, { type: 'updated', requestedAt: NOW, graph: {} })).toBeUndefined();
  });

  it('can’t be taken back: revoked is all there is', () => {
    const revoked = aQueuedLinkedIn({ intent: aFirstSend(), revokeRequested: { at: NOW, by: 'hr' } });
    const sent: Outcome = { type: 'sent', attemptId: 'attempt-0', graph: { id: 'linkedIn-1' } };
    const { invitation } = changed(revoked, sent, aPolicy({ onRevoke: 'removeGuest' }));
    expect(invitation.status).toBe('revoked');
    expect(invitation).not.toHaveProperty('removal');
  });
});

describe('what becomes of a permission', () => {
  const removing = (changes: Partial<Invitation> = {}) =>
    aPendingShare({ status: 'revoked', intent: aRemoval(), removal: { status: 'due', tries: 0 }, ...changes });

  it('is told as a permission’s, not as a guest’s', () => {
    const removed = changed(removing(), { type: 'guestRemoved', attemptId: 'attempt-r' });
    expect(removed.invitation.removal).toEqual({ status: 'removed', at: NOW });
    expect(told(removed)).toEqual(['permissionDeleted']);
    const kept = changed(removing(), { type: 'guestKept', attemptId: 'attempt-r', reason: 'another needs it' });
    expect(kept.history).toMatchObject([{ what: 'permissionKept', detail: 'another needs it' }]);
  });

  it.each([
    [
      'ours, and the settings remove',
      { madePermission: true as const },
      'removeGuest' as const,
      { status: 'due', tries: 0 },
    ],
    [
      'ours, and the settings keep',
      { madePermission: true as const },
      'keep' as const,
      { status: 'kept', reason: 'the settings say to keep access' },
    ],
    [
      'not known to be ours',
      {},
      'removeGuest' as const,
      { status: 'kept', reason: 'the permission is not known to have been made by this invitation' },
    ],
  ])('after expiry: %s', (_what, made, onExpiry, removal) => {
    const pending = { ...omit(aPendingShare(), 'madePermission'), ...made };
    expect(changed(pending, { type: 'expired' }, aPolicy({ onExpiry })).invitation.removal).toEqual(removal);
  });

  it('is nothing where none was made', () => {
    const pending = omit(aPendingShare(), 'graph', 'madePermission') as Invitation;
    const { invitation } = changed(pending, { type: 'expired' }, aPolicy({ onExpiry: 'removeGuest' }));
    expect(invitation).not.toHaveProperty('removal');
  });
});

describe('redemption of a share', () => {
  it('records the permission as it was read', () => {
    const graph = { ...permission, grantedTo: { user: { id: 'user-1' } } };
    const { invitation } = changed(aPendingShare(), { type: 'redeemed', userId: 'user-1', graph });
    expect(invitation).toMatchObject({ status: 'accepted', graph: { ...graph, invitedUser: { id: 'user-1' } } });
    expect(invitation.graph).not.toHaveProperty('externalUserState');
  });

  it('means nothing before the item is shared: somebody who accepted once accepts nothing by it', () => {
    expect(apply(aQueuedShare(), { type: 'redeemed', userId: 'user-1' })).toBeUndefined();
  });
});

it('a reminder of a share whose permission is gone is skipped, and the history says why', () => {
  const change = changed(aPendingShare(), { type: 'reminderSkipped', reminderIndex: 0, state: 'notFound' });
  expect(change.invitation.remindersDone).toBe(1);
  expect(change.history).toMatchObject([{ what: 'reminderSkipped', detail: 'the permission is not there any more' }]);
});

describe('replacing', () => {
  const replacing = (changes: Partial<Invitation> = {}) =>
    aQueuedInvitation({ replaces: { id: REPLACED, status: 'due' }, ...changes });

  it('is done once, and told', () => {
    const change = changed(replacing({ waits: 2 }), { type: 'replacedRevoked' });
    expect(change.invitation).toMatchObject({ replaces: { id: REPLACED, status: 'done' }, waits: 0 });
    expect(change.history).toMatchObject([{ what: 'replaced', detail: REPLACED }]);
    expect(apply(change.invitation, { type: 'replacedRevoked' })).toBeUndefined();
    expect(nextStep(change.invitation, NOW, policy)).toMatchObject({ type: 'send' });
  });

  it('tells why the other one was not revoked', () => {
    const change = changed(replacing(), { type: 'replacedRevoked', refusal: 'It is not there any more.' });
    expect(change.history).toMatchObject([{ what: 'notReplaced', detail: `${REPLACED}: It is not there any more.` }]);
  });

  it('waits where the other one is under way, and forgets that when it is done', () => {
    const { invitation } = changed(replacing(), { type: 'replacedBusy', until: RETRY_AT });
    expect(invitation).toMatchObject({ replaces: { id: REPLACED, status: 'due', retryAt: RETRY_AT }, waits: 1 });
    expect(nextStep(invitation, NOW, policy)).toEqual({ type: 'none' });
    expect(wakeUpOf(invitation, NOW, policy)).toEqual({ at: RETRY_AT, lane: 0 });
    expect(changed(invitation, { type: 'replacedRevoked' }).invitation.replaces).toEqual({
      id: REPLACED,
      status: 'done',
    });
  });

  it.each([
    ['a first send', replacing()],
    [
      'a date to come',
      replacing({ status: 'scheduled', request: aRequest({ notBefore: '2026-06-01T00:00:00.000Z' }) }),
    ],
    ['Graph’s pace', replacing({ nextAttemptAt: '2026-06-01T00:00:00.000Z' })],
    ['an approval', replacing({ status: 'awaitingApproval' })],
    ['an expiry', aPendingInvitation({ replaces: { id: REPLACED, status: 'due' } })],
    ['being closed', anInvitationThatIs('failed')],
    ['a person’s decision', anInvitationInReview()],
  ])('goes before %s', (_what, invitation) => {
    const due: Invitation = { ...invitation, replaces: { id: REPLACED, status: 'due' } };
    expect(nextStep(due, NOW, policy)).toEqual({ type: 'revokeReplaced', replacedId: REPLACED });
    expect(wakeUpOf(due, NOW, policy)).toEqual({ at: '2026-03-02T09:00:00.000Z', lane: 0 });
  });

  it('does not go before an intent in force', () => {
    const due = replacing({ intent: aFirstSend() });
    expect(nextStep(due, '2027-01-01T00:00:00.000Z', policy)).toMatchObject({ type: 'resolve' });
  });
});

describe('what is due for shares and LinkedIn', () => {
  it('a share looks for its guest when the wait is over', () => {
    const waiting = aWaitingShare({ nextAttemptAt: RETRY_AT });
    expect(nextStep(waiting, NOW, policy)).toEqual({ type: 'none' });
    expect(nextStep(waiting, RETRY_AT, policy)).toEqual({ type: 'awaitGuest', invitationId: GUEST_INVITATION });
    expect(wakeUpOf(waiting, NOW, policy)).toEqual({ at: RETRY_AT, lane: 0 });
  });

  it('a change goes before mail, and expiry before a change', () => {
    const pending = aPendingLinkedIn({ updateRequestedAt: NOW });
    expect(nextStep(pending, NOW, policy)).toEqual({ type: 'update', requestedAt: NOW });
    expect(nextStep({ ...pending, expiresAt: NOW }, NOW, policy)).toEqual({ type: 'expire' });
  });

  it('reminders of a share are mailed as those of a guest, of a silent one never', () => {
    const sends = [aSend()];
    const unchecked = omit(aPendingShare({ sends }), 'nextCheckAt') as Invitation;
    expect(wakeUpOf(unchecked, NOW, policy)).toEqual({ at: '2026-03-05T09:00:05.000Z', lane: 1 });
    const silent = { ...unchecked, request: aShareRequest({ sendInvitation: false }) };
    expect(wakeUpOf(silent, NOW, policy)).toEqual({ at: '2026-04-01T09:00:05.000Z', lane: 1 });
  });
});

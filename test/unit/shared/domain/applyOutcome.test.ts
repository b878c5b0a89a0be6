import { applyOutcome, placeIntent } from '../../../../shared/domain/applyOutcome';
import { type Intent, type Invitation, STATUSES, type Status } from '../../../../shared/domain/invitation';
import { nextStep, wakeUpOf } from '../../../../shared/domain/nextStep';
import type { IntentOutcome, Outcome } from '../../../../shared/domain/outcome';
import {
  aFirstSend,
  aPendingInvitation,
  aPolicy,
  aQueuedInvitation,
  aReminder,
  aRemoval,
  anExpiredInvitation,
  anInvitationThatIs,
  aSend,
  omit,
} from '../../../support/invitations';

const NOW = '2026-03-05T09:00:06.000Z';
const policy = aPolicy();
const fault = { code: 'serviceUnavailable', message: 'Graph is away.' };

const apply = (invitation: Invitation, outcome: Outcome, now = NOW) => applyOutcome(invitation, outcome, now, policy);

const removing = (changes: Partial<Invitation> = {}): Invitation =>
  anExpiredInvitation({ intent: aRemoval(), removal: { status: 'due', tries: 0 }, ...changes });

/** Statuses other than those named. */
const allBut = (...named: Status[]): Status[] => STATUSES.filter((status) => !named.includes(status));

describe('the outcome of an intent', () => {
  /** One of every type that ends an intent; true where it is an answer to what the intent was for. */
  const outcomes = (attemptId: string): [outcome: IntentOutcome, ofSend: boolean][] => [
    [{ type: 'sent', attemptId, graph: { id: 'graph-1' } }, true],
    [{ type: 'refused', attemptId, fault }, true],
    [{ type: 'notSent', attemptId, fault, retryAt: NOW }, true],
    [{ type: 'unknown', attemptId, fault }, true],
    [{ type: 'resolved', attemptId, verdict: { found: 'notSent' } }, true],
    [{ type: 'guestRemoved', attemptId }, false],
    [{ type: 'guestKept', attemptId, reason: 'Graph says Accepted' }, false],
    [{ type: 'removalFailed', attemptId, fault, retryAt: NOW, waited: false }, false],
  ];

  const invitations: [string, Invitation, ofSend: boolean][] = [
    ['a first send', aQueuedInvitation({ intent: aFirstSend({ attemptId: 'this' }) }), true],
    ['a reminder', aPendingInvitation({ intent: aReminder({ attemptId: 'this' }) }), true],
    ['a removal', removing({ intent: aRemoval({ attemptId: 'this' }) }), false],
  ];

  const pairs = invitations.flatMap(([purpose, invitation, ofSend]) =>
    outcomes('this').map(([outcome, answersSend]) => ({
      purpose,
      type: outcome.type,
      invitation,
      outcome,
      means: ofSend === answersSend ? 'something' : 'nothing',
    })),
  );

  it.each(pairs)('$type means $means to $purpose', ({ invitation, outcome, means }) => {
    expect(apply(invitation, outcome) === undefined ? 'nothing' : 'something').toBe(means);
  });

  it.each(outcomes('other').map(([outcome]) => outcome))('$type means nothing for another attempt', (outcome) => {
    for (const [, invitation] of invitations) expect(apply(invitation, outcome)).toBeUndefined();
  });

  it.each(outcomes('this').map(([outcome]) => outcome))('$type means nothing without an intent', (outcome) => {
    for (const status of STATUSES) expect(apply(anInvitationThatIs(status), outcome)).toBeUndefined();
  });
});

describe('placing an intent', () => {
  const resend: Intent = { ...aReminder(), cause: 'resend' };

  it.each<[string, Invitation, Intent]>([
    ['a first send', aQueuedInvitation(), aFirstSend()],
    ['a reminder', aPendingInvitation(), aReminder()],
    ['a re-send', aPendingInvitation({ resendRequestedAt: NOW }), resend],
    ['a removal', anExpiredInvitation({ removal: { status: 'due', tries: 0 } }), aRemoval()],
  ])('of %s marks the invitation and tells nothing yet', (_what, invitation, intent) => {
    expect(placeIntent(invitation, intent)).toEqual({ invitation: { ...invitation, intent }, history: [] });
  });

  it.each<[string, Invitation, Intent]>([
    ['a first send', aQueuedInvitation({ intent: aFirstSend({ attemptId: 'faster' }) }), aFirstSend()],
    ['a reminder', aPendingInvitation({ intent: aReminder({ attemptId: 'faster' }) }), aReminder()],
    ['a removal', removing({ intent: aRemoval({ attemptId: 'faster' }) }), aRemoval()],
  ])('of %s fails while another is in force', (_what, invitation, intent) => {
    expect(placeIntent(invitation, intent)).toBeUndefined();
  });

  it('fails for a mail that somebody else has sent meanwhile', () => {
    expect(placeIntent(aPendingInvitation(), aFirstSend())).toBeUndefined();
    expect(placeIntent(aPendingInvitation({ sends: [aSend(), aSend({ number: 1 })] }), aReminder())).toBeUndefined();
  });
});

describe('enqueued', () => {
  it('takes a scheduled one into the queue, for the time that the gate named', () => {
    const change = apply(anInvitationThatIs('scheduled'), { type: 'enqueued', sendAt: '2026-03-10T08:00:30.000Z' });
    expect(change?.invitation).toMatchObject({ status: 'queued', nextAttemptAt: '2026-03-10T08:00:30.000Z' });
    expect(change?.history).toEqual([{ at: NOW, what: 'enqueued', by: 'workflow' }]);
  });

  it.each(allBut('scheduled'))('means nothing to one that is %s', (status) => {
    expect(apply(anInvitationThatIs(status), { type: 'enqueued', sendAt: NOW })).toBeUndefined();
  });
});

describe('postponed', () => {
  const UNTIL = '2026-03-05T10:00:00.000Z';
  const forToken: Outcome = { type: 'postponed', until: UNTIL, reason: 'gate', waited: false };
  const forGraph: Outcome = { type: 'postponed', until: UNTIL, reason: 'throttled', waited: true };

  it('for a token moves the time and leaves no history, because a big batch waits all the time', () => {
    const change = apply(aQueuedInvitation({ waits: 2 }), forToken);
    expect(change?.invitation).toMatchObject({ nextAttemptAt: UNTIL, waits: 2 });
    expect(change?.history).toEqual([]);
  });

  it('for Graph makes the next wait longer and tells why', () => {
    const change = apply(aQueuedInvitation({ waits: 2 }), forGraph);
    expect(change?.invitation).toMatchObject({ nextAttemptAt: UNTIL, waits: 3, resolvedTries: 0 });
    expect(change?.history).toEqual([{ at: NOW, what: 'postponed', by: 'workflow', detail: 'throttled' }]);
  });

  it('never shortens what Graph asked of another look meanwhile', () => {
    const nextAttemptAt = '2026-03-05T10:00:30.000Z';
    expect(apply(aQueuedInvitation({ nextAttemptAt }), forToken)?.invitation).toMatchObject({ nextAttemptAt });
    expect(apply(aQueuedInvitation({ nextAttemptAt: NOW }), forToken)?.invitation.nextAttemptAt).toBe(UNTIL);
  });

  it('leaves an intent in force that could not be resolved yet', () => {
    const invitation = aQueuedInvitation({ intent: aFirstSend() });
    const change = apply(invitation, forGraph);
    expect(change?.invitation.intent).toEqual(invitation.intent);
    expect(wakeUpOf(change!.invitation, NOW, policy)).toEqual({ at: UNTIL, lane: 0 });
  });

  it.each(['awaitingApproval', 'accepted', 'failed', 'revoked', 'rejected'] as const)(
    'means nothing to one that is %s: nothing is left to be put off',
    (status) => {
      expect(apply(anInvitationThatIs(status), forGraph)).toBeUndefined();
    },
  );
});

describe('redeemed', () => {
  const outcome: Outcome = { type: 'redeemed', userId: 'user-1', changedAt: '2026-03-05T08:00:00Z' };

  it.each(['queued', 'pendingAcceptance', 'needsReview', 'expired'] as const)('accepts one that is %s', (status) => {
    const change = apply(anInvitationThatIs(status), outcome);
    expect(change?.invitation).toMatchObject({
      status: 'accepted',
      acceptedAt: NOW,
      closedAt: NOW,
      holdsClaim: false,
      graph: {
        invitedUser: { id: 'user-1' },
        externalUserState: 'Accepted',
        externalUserStateChangeDateTime: '2026-03-05T08:00:00Z',
      },
    });
    expect(change?.history).toEqual([expect.objectContaining({ at: NOW, what: 'accepted', by: 'workflow' })]);
    expect(wakeUpOf(change!.invitation, NOW, policy)).toBeUndefined();
  });

  it.each(allBut('queued', 'pendingAcceptance', 'needsReview', 'expired'))(
    'means nothing to one that is %s',
    (status) => {
      expect(apply(anInvitationThatIs(status), outcome)).toBeUndefined();
    },
  );

  it('means nothing while an intent is in force: whoever holds it finds out', () => {
    expect(apply(aPendingInvitation({ intent: aReminder() }), outcome)).toBeUndefined();
  });

  it('ends reminders, re-sends, checks and the removal that an expiry asked for', () => {
    const invitation = anExpiredInvitation({
      removal: { status: 'due', tries: 2 },
      resendRequestedAt: NOW,
      nextAttemptAt: NOW,
      fault,
    });
    const change = apply(invitation, outcome);
    for (const gone of ['removal', 'resendRequestedAt', 'nextAttemptAt', 'nextCheckAt', 'lateCheckUntil', 'fault']) {
      expect(change?.invitation).not.toHaveProperty(gone);
    }
    expect(nextStep(change!.invitation, '2027-01-01T00:00:00.000Z', policy)).toEqual({ type: 'none' });
  });

  it('says so when the person was a guest before anything was mailed', () => {
    const [accepted] = apply(aQueuedInvitation(), outcome)?.history ?? [];
    expect(accepted?.detail).toBe('before anything was mailed');
    const [acceptedLater] = apply(aPendingInvitation(), outcome)?.history ?? [];
    expect(acceptedLater).not.toHaveProperty('detail');
  });

  it('keeps what is known of the user when Graph tells no more', () => {
    const change = apply(aPendingInvitation(), { type: 'redeemed' });
    expect(change?.invitation.graph).toEqual({
      id: 'graph-1',
      status: 'PendingAcceptance',
      invitedUser: { id: 'user-1' },
      externalUserState: 'Accepted',
    });
  });
});

describe('not redeemed', () => {
  const outcome: Outcome = { type: 'notRedeemed', state: 'PendingAcceptance', userId: 'user-2' };

  it.each(['pendingAcceptance', 'needsReview', 'expired'] as const)(
    'looks again in six hours at one that is %s',
    (status) => {
      const before = { ...anInvitationThatIs(status), waits: 4, nextAttemptAt: NOW };
      const change = apply(before, outcome);
      expect(change?.invitation).toMatchObject({
        status,
        nextCheckAt: '2026-03-05T15:00:06.000Z',
        waits: 0,
        graph: { invitedUser: { id: 'user-2' } },
      });
      expect(change?.invitation).not.toHaveProperty('nextAttemptAt');
      expect(change?.history).toEqual([]);
    },
  );

  it('leaves the user alone where there is none to name', () => {
    const change = apply(aPendingInvitation(), { type: 'notRedeemed', state: 'notFound' });
    expect(change?.invitation.graph).toEqual(aPendingInvitation().graph);
  });

  it('looks for the last time at an expired one when the next look would come after its last day', () => {
    const last = apply(anExpiredInvitation(), outcome, '2026-05-01T03:00:05.000Z');
    expect(last?.invitation.nextCheckAt).toBe('2026-05-01T09:00:05.000Z');
    const over = apply(anExpiredInvitation(), outcome, '2026-05-01T03:00:05.001Z');
    expect(over?.invitation).not.toHaveProperty('nextCheckAt');
    expect(wakeUpOf(over!.invitation, NOW, policy)).toBeUndefined();
  });

  it.each(['awaitingApproval', 'scheduled', 'queued', 'accepted', 'failed', 'revoked', 'rejected'] as const)(
    'means nothing to one that is %s',
    (status) => {
      expect(apply(anInvitationThatIs(status), outcome)).toBeUndefined();
    },
  );

  it('means nothing while an intent is in force', () => {
    expect(apply(aPendingInvitation({ intent: aReminder() }), outcome)).toBeUndefined();
  });
});

describe('a reminder that is skipped', () => {
  const skipped = (reminderIndex: number, state: string | null = null): Outcome => ({
    type: 'reminderSkipped',
    reminderIndex,
    state,
  });

  it.each([
    [null, 'Graph says unknown, not PendingAcceptance'],
    ['notFound', 'Graph says notFound, not PendingAcceptance'],
  ])('is done without a mail when the state is %p', (state, detail) => {
    const change = apply(aPendingInvitation({ waits: 1, nextAttemptAt: NOW }), skipped(0, state));
    expect(change?.invitation).toMatchObject({
      status: 'pendingAcceptance',
      remindersDone: 1,
      waits: 0,
      sends: [aSend()],
    });
    expect(change?.invitation).not.toHaveProperty('nextAttemptAt');
    expect(change?.history).toEqual([{ at: NOW, what: 'reminderSkipped', by: 'workflow', detail }]);
  });

  it('leaves a person whose state stays unknown without any reminder, until the expiry', () => {
    const unknown = aPendingInvitation({ nextCheckAt: '2026-12-01T00:00:00.000Z' });
    const first = apply(unknown, skipped(0))!.invitation;
    expect(nextStep(first, '2026-03-09T09:00:05.000Z', policy)).toMatchObject({ type: 'send', reminderIndex: 1 });
    const second = apply(first, skipped(1))!.invitation;
    expect(second.sends).toHaveLength(1);
    expect(nextStep(second, '2026-04-01T09:00:04.999Z', policy)).toEqual({ type: 'none' });
    expect(nextStep(second, '2026-04-01T09:00:05.000Z', policy)).toEqual({ type: 'expire' });
  });

  it('means nothing when it is done already', () => {
    expect(apply(aPendingInvitation({ remindersDone: 1 }), skipped(0))).toBeUndefined();
  });

  it('means nothing while an intent is in force', () => {
    expect(apply(aPendingInvitation({ intent: aReminder() }), skipped(0))).toBeUndefined();
  });

  it.each(allBut('pendingAcceptance'))('means nothing to one that is %s', (status) => {
    expect(apply(anInvitationThatIs(status), skipped(0))).toBeUndefined();
  });
});

describe('expired', () => {
  const EXPIRED_AT = '2026-04-01T09:00:06.000Z';

  it('closes, gives the claim back and looks on for a late redemption', () => {
    const invitation = aPendingInvitation({ resendRequestedAt: NOW, nextAttemptAt: NOW });
    const change = apply(invitation, { type: 'expired' }, EXPIRED_AT);
    expect(change?.invitation).toMatchObject({
      status: 'expired',
      holdsClaim: false,
      closedAt: EXPIRED_AT,
      nextCheckAt: '2026-04-01T15:00:06.000Z',
      lateCheckUntil: '2026-05-01T09:00:06.000Z',
      removal: { status: 'kept', reason: 'the settings say to keep guests' },
    });
    expect(change?.invitation).not.toHaveProperty('resendRequestedAt');
    expect(change?.history).toEqual([{ at: EXPIRED_AT, what: 'expired', by: 'workflow' }]);
  });

  it('turns into accepted when the person redeems late', () => {
    const expired = apply(aPendingInvitation(), { type: 'expired' }, EXPIRED_AT)!.invitation;
    const late = apply(expired, { type: 'redeemed', userId: 'user-1' }, '2026-04-20T00:00:00.000Z');
    expect(late?.invitation).toMatchObject({ status: 'accepted', acceptedAt: '2026-04-20T00:00:00.000Z' });
  });

  it.each(allBut('pendingAcceptance'))('means nothing to one that is %s', (status) => {
    expect(apply(anInvitationThatIs(status), { type: 'expired' })).toBeUndefined();
  });

  it('means nothing while a mail is in flight', () => {
    expect(apply(aPendingInvitation({ intent: aReminder() }), { type: 'expired' })).toBeUndefined();
  });
});

describe('the removal of a guest', () => {
  const expire = (invitation: Invitation) =>
    applyOutcome(invitation, { type: 'expired' }, NOW, aPolicy({ onExpiry: 'removeGuest' }))?.invitation.removal;

  it('is due only where the settings ask for it and the guest is known to be ours', () => {
    const notOurs = omit(aPendingInvitation(), 'guestCreatedAfter');
    expect(expire(aPendingInvitation())).toEqual({ status: 'due', tries: 0 });
    expect(expire(notOurs)).toEqual({
      status: 'kept',
      reason: 'the guest is not known to have been created by this invitation',
    });
  });

  it('is not spoken of where there is no guest', () => {
    const nobody = omit(aPendingInvitation(), 'graph', 'guestCreatedAfter');
    expect(expire(nobody)).toBeUndefined();
    expect(expire({ ...nobody, graph: { id: 'graph-1' } })).toBeUndefined();
  });

  it('done, leaves nothing to do: a deleted guest can’t redeem late', () => {
    const change = apply(removing({ nextAttemptAt: NOW }), { type: 'guestRemoved', attemptId: 'attempt-r' });
    expect(change?.invitation).toMatchObject({ status: 'expired', removal: { status: 'removed', at: NOW } });
    expect(change?.invitation).not.toHaveProperty('nextAttemptAt');
    expect(change?.history).toEqual([{ at: NOW, what: 'guestRemoved', by: 'workflow' }]);
    expect(wakeUpOf(change!.invitation, NOW, policy)).toBeUndefined();
  });

  it('not done, says why and goes on looking for a late redemption', () => {
    const outcome: Outcome = {
      type: 'guestKept',
      attemptId: 'attempt-r',
      reason: 'another open invitation names them',
    };
    const change = apply(removing({ nextAttemptAt: NOW }), outcome);
    expect(change?.invitation.removal).toEqual({ status: 'kept', reason: 'another open invitation names them' });
    expect(change?.invitation).not.toHaveProperty('nextAttemptAt');
    expect(change?.history).toEqual([
      { at: NOW, what: 'guestKept', by: 'workflow', detail: 'another open invitation names them' },
    ]);
    expect(wakeUpOf(change!.invitation, NOW, policy)).toEqual({ at: '2026-04-01T15:00:05.000Z', lane: 1 });
  });

  it('that fails is tried again, each time after a longer wait', () => {
    const outcome: Outcome = {
      type: 'removalFailed',
      attemptId: 'attempt-r',
      fault,
      retryAt: '2026-04-01T10:00:00.000Z',
      waited: false,
    };
    const change = apply(removing({ removal: { status: 'due', tries: 6 }, waits: 6 }), outcome);
    expect(change?.invitation).toMatchObject({
      removal: { status: 'due', tries: 7 },
      nextAttemptAt: '2026-04-01T10:00:00.000Z',
      waits: 7,
    });
    expect(change?.invitation).not.toHaveProperty('intent');
    expect(change?.history).toEqual([
      { at: NOW, what: 'postponed', by: 'workflow', detail: 'removal: serviceUnavailable' },
    ]);
  });

  it('that only waits for Graph never counts as a try, however often', () => {
    const outcome: Outcome = { type: 'removalFailed', attemptId: 'attempt-r', fault, retryAt: NOW, waited: true };
    const change = apply(removing({ removal: { status: 'due', tries: 7 }, waits: 40 }), outcome);
    expect(change?.invitation).toMatchObject({ removal: { status: 'due', tries: 7 }, waits: 41 });
  });

  it('that fails for the eighth time leaves the guest alone and says so', () => {
    const outcome: Outcome = { type: 'removalFailed', attemptId: 'attempt-r', fault, retryAt: NOW, waited: false };
    const change = apply(removing({ removal: { status: 'due', tries: 7 } }), outcome);
    expect(change?.invitation.removal).toEqual({
      status: 'kept',
      reason: 'removal failed 8 times: serviceUnavailable',
    });
    expect(change?.history.map(({ what }) => what)).toEqual(['guestKept']);
  });
});

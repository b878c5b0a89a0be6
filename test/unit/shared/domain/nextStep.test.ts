import fc from 'fast-check';
import type { Invitation, Status } from '../../../../shared/domain/invitation';
import { type Step, type WakeUp, nextStep, resolveAt, wakeUpOf } from '../../../../shared/domain/nextStep';
import { addMs } from '../../../../shared/domain/time';
import {
  aFirstSend,
  aPendingInvitation,
  aPolicy,
  aQueuedInvitation,
  aReminder,
  aRemoval,
  aRequest,
  anExpiredInvitation,
  anInvitationInReview,
  anInvitationThatIs,
  omit,
} from '../../../support/invitations';
import { walks } from '../../../support/walk';

const policy = aPolicy();
const LONG_AFTER = '2027-01-01T00:00:00.000Z';

/** Nothing a millisecond before, the step from then on: what the table below claims of each invitation. */
function expectFrom(invitation: Invitation, at: string, lane: 0 | 1, step: Step): void {
  expect(nextStep(invitation, addMs(at, -1), policy)).toEqual({ type: 'none' });
  expect(nextStep(invitation, at, policy)).toEqual(step);
  expect(wakeUpOf(invitation, addMs(at, -1), policy)).toEqual({ at, lane });
}

describe('nextStep and wakeUpOf, by status', () => {
  const steps: Partial<Record<Status, [at: string, lane: 0 | 1, step: Step]>> = {
    scheduled: ['2026-03-10T08:00:00.000Z', 0, { type: 'enqueue' }],
    queued: ['2026-03-02T09:00:00.000Z', 0, { type: 'send', number: 0, cause: 'first' }],
    pendingAcceptance: ['2026-03-02T15:00:05.000Z', 1, { type: 'checkRedemption' }],
    needsReview: ['2026-03-02T15:12:05.000Z', 1, { type: 'checkRedemption' }],
    expired: ['2026-04-01T15:00:05.000Z', 1, { type: 'checkRedemption' }],
  };

  it.each(Object.keys(steps) as Status[])('%s', (status) => {
    const [at, lane, step] = steps[status]!;
    expectFrom(anInvitationThatIs(status), at, lane, step);
  });

  it.each(['awaitingApproval', 'accepted', 'failed', 'revoked', 'rejected'] as const)(
    '%s: nothing is ever due',
    (status) => {
      const invitation = anInvitationThatIs(status);
      expect(nextStep(invitation, LONG_AFTER, policy)).toEqual({ type: 'none' });
      expect(wakeUpOf(invitation, LONG_AFTER, policy)).toBeUndefined();
    },
  );

  it('enqueues an approved one without a date at once', () => {
    const approved = aQueuedInvitation({ status: 'scheduled' });
    expectFrom(approved, '2026-03-02T09:00:00.000Z', 0, { type: 'enqueue' });
  });
});

describe('an intent in force', () => {
  it.each([
    ['a first send', aQueuedInvitation({ intent: aFirstSend() }), '2026-03-02T09:12:04.500Z'],
    ['a reminder', aPendingInvitation({ intent: aReminder() }), '2026-03-05T09:12:05.000Z'],
    ['a removal', anExpiredInvitation({ intent: aRemoval() }), '2026-04-01T09:12:06.000Z'],
  ])('keeps %s to itself until ten minutes after its lease, then is resolved', (_what, invitation, at) => {
    expectFrom(invitation, at, 0, { type: 'resolve', intent: invitation.intent! });
  });

  it('is resolved before anything else, however much is due', () => {
    const invitation = aPendingInvitation({ intent: aReminder(), resendRequestedAt: '2026-03-05T09:00:00.000Z' });
    expect(nextStep(invitation, LONG_AFTER, policy)).toEqual({ type: 'resolve', intent: invitation.intent });
  });

  it('is resolved once its lease and RESOLVE_AFTER are over', () => {
    expect(
      resolveAt(aFirstSend({ leaseEndsAt: '2026-03-02T09:02:00.000Z' }), aPolicy({ resolveAfterMs: 90_000 })),
    ).toBe('2026-03-02T09:03:30.000Z');
  });
});

describe('leaving Graph alone', () => {
  it.each([
    ['a first send', aQueuedInvitation()],
    ['a check', anInvitationInReview()],
    ['an intent to resolve', aQueuedInvitation({ intent: aFirstSend() })],
    ['a removal', anExpiredInvitation({ removal: { status: 'due', tries: 1 } })],
  ])('puts %s off', (_what, invitation) => {
    const waiting = { ...invitation, nextAttemptAt: '2026-06-01T00:00:00.000Z' };
    expect(nextStep(waiting, '2026-05-31T23:59:59.999Z', policy)).toEqual({ type: 'none' });
    expect(nextStep(waiting, '2026-06-01T00:00:00.000Z', policy)).not.toEqual({ type: 'none' });
    expect(wakeUpOf(waiting, '2026-03-02T09:00:00.000Z', policy)?.at).toBe('2026-06-01T00:00:00.000Z');
  });

  it('never brings anything forward', () => {
    const invitation = anInvitationInReview({ nextAttemptAt: '2026-03-02T10:00:00.000Z' });
    expect(wakeUpOf(invitation, '2026-03-02T09:30:00.000Z', policy)?.at).toBe('2026-03-02T15:12:05.000Z');
  });
});

describe('a pending invitation', () => {
  /** With the checks far away, so that reminders can be seen. */
  const unchecked = (changes: Partial<Invitation> = {}): Invitation =>
    aPendingInvitation({ nextCheckAt: '2026-12-01T00:00:00.000Z', ...changes });

  it('is reminded on the third day', () => {
    expectFrom(unchecked(), '2026-03-05T09:00:05.000Z', 1, {
      type: 'send',
      number: 1,
      cause: 'reminder',
      reminderIndex: 0,
    });
  });

  it('is reminded on the seventh day when the first reminder is done', () => {
    expectFrom(unchecked({ remindersDone: 1 }), '2026-03-09T09:00:05.000Z', 1, {
      type: 'send',
      number: 1,
      cause: 'reminder',
      reminderIndex: 1,
    });
  });

  it('gets one mail for two reminders that were missed', () => {
    expect(nextStep(unchecked(), '2026-03-20T00:00:00.000Z', policy)).toEqual({
      type: 'send',
      number: 1,
      cause: 'reminder',
      reminderIndex: 1,
    });
  });

  it('expires after the last reminder', () => {
    expectFrom(unchecked({ remindersDone: 2 }), '2026-04-01T09:00:05.000Z', 1, { type: 'expire' });
  });

  it('is never reminded where nothing is mailed, but checked and expired', () => {
    const silent = aPendingInvitation({ request: aRequest({ sendInvitationMessage: false }) });
    expect(nextStep(silent, '2026-03-20T00:00:00.000Z', policy)).toEqual({ type: 'checkRedemption' });
    expect(nextStep(silent, '2026-04-01T09:00:05.000Z', policy)).toEqual({ type: 'expire' });
  });

  it('is sent again when somebody asks, in the lane of the first sends', () => {
    expectFrom(unchecked({ resendRequestedAt: '2026-03-03T10:00:00.000Z' }), '2026-03-03T10:00:00.000Z', 0, {
      type: 'send',
      number: 1,
      cause: 'resend',
    });
  });

  it('is sent again once for the re-send and for the reminders that fell due since', () => {
    const invitation = unchecked({ resendRequestedAt: '2026-03-05T09:00:00.000Z' });
    expect(nextStep(invitation, '2026-03-05T09:00:05.000Z', policy)).toEqual({
      type: 'send',
      number: 1,
      cause: 'resend',
      reminderIndex: 0,
    });
  });

  it('expires rather than being mailed, is mailed again rather than reminded, reminded rather than checked', () => {
    const allDue = aPendingInvitation({ resendRequestedAt: '2026-03-03T10:00:00.000Z' });
    const notAsked = omit(allDue, 'resendRequestedAt');
    expect(nextStep(allDue, LONG_AFTER, policy)).toEqual({ type: 'expire' });
    expect(nextStep(allDue, '2026-03-20T00:00:00.000Z', policy)).toMatchObject({ type: 'send', cause: 'resend' });
    expect(nextStep(notAsked, '2026-03-20T00:00:00.000Z', policy)).toMatchObject({ type: 'send', cause: 'reminder' });
    expect(nextStep({ ...notAsked, remindersDone: 2 }, '2026-03-20T00:00:00.000Z', policy)).toEqual({
      type: 'checkRedemption',
    });
  });

  it('wakes in the lane of the most important of several things that are due at once', () => {
    const at = '2026-03-03T10:00:00.000Z';
    expect(wakeUpOf(aPendingInvitation({ resendRequestedAt: at, nextCheckAt: at }), at, policy)).toEqual({
      at,
      lane: 0,
    });
  });
});

describe('a closed invitation', () => {
  it.each(['expired', 'revoked'] as const)('that is %s has its guest removed, from the closing on', (status) => {
    const invitation = anExpiredInvitation({ status, removal: { status: 'due', tries: 0 } });
    expectFrom(invitation, '2026-04-01T09:00:05.000Z', 1, { type: 'removeGuest' });
  });

  it.each([
    { status: 'removed', at: '2026-04-01T09:00:07.000Z' } as const,
    { status: 'kept', reason: 'the settings say to keep guests' } as const,
  ])('that is revoked is done once its guest is $status', (removal) => {
    expect(wakeUpOf(anExpiredInvitation({ status: 'revoked', removal }), LONG_AFTER, policy)).toBeUndefined();
  });

  it('that is expired is looked at no more when its last check is done', () => {
    const over = omit(anExpiredInvitation(), 'nextCheckAt');
    expect(wakeUpOf(over, LONG_AFTER, policy)).toBeUndefined();
  });
});

describe('the wake-up, on any way an invitation may go', () => {
  it('is exactly when nextStep begins to give something', () => {
    const waits = fc.integer({ min: 0, max: 90 * 24 * 3_600_000 });
    fc.assert(
      fc.property(walks, waits, ({ visited, policy: policyOfWalk }, waitMs) => {
        for (const { invitation, now } of visited) {
          const wakeUp = wakeUpOf(invitation, now, policyOfWalk);
          const at = addMs(now, waitMs);
          expect(nextStep(invitation, at, policyOfWalk).type !== 'none').toBe(isDue(wakeUp, at));
          if (wakeUp) expectStepFrom(invitation, wakeUp, policyOfWalk);
        }
      }),
    );
  });

  const isDue = (wakeUp: WakeUp | undefined, at: string): boolean => wakeUp !== undefined && wakeUp.at <= at;

  function expectStepFrom(invitation: Invitation, { at }: WakeUp, policyOfWalk: ReturnType<typeof aPolicy>): void {
    expect(nextStep(invitation, addMs(at, -1), policyOfWalk)).toEqual({ type: 'none' });
    expect(nextStep(invitation, at, policyOfWalk)).not.toEqual({ type: 'none' });
  }
});

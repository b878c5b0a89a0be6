import {
  type Invitation,
  type RemovalIntent,
  type Send,
  type SendIntent,
  type Status,
} from '../../shared/domain/invitation';
import type { Policy } from '../../shared/domain/policy';
import type { GuestRequest } from '../../shared/domain/guestRequest';

/*
 * Builders of what the domain's tests start from. Everything happens around one date, so that literals can be read:
 * requested on 2 March 2026 at 09:00 UTC, mailed five seconds later, reminders on the 5th and the 9th, expiry on 1 April.
 */

export const ID = '019cadc6-9a80-7abc-8def-01234567890b';
export const REQUESTED_AT = '2026-03-02T09:00:00.000Z';
export const SENT_AT = '2026-03-02T09:00:05.000Z';

const HOUR_MS = 3_600_000;

/** A copy without the named properties. */
export function omit<T extends object, K extends keyof T>(from: T, ...names: K[]): Omit<T, K> {
  const copy = { ...from };
  for (const name of names) Reflect.deleteProperty(copy, name);
  return copy;
}

export const aPolicy = (changes: Partial<Policy> = {}): Policy => ({
  sendLeaseMs: 120_000,
  resolveAfterMs: 600_000,
  maxSendAttempts: 8,
  ambiguousSends: 'reconcile',
  inviteGuestsFirst: true,
  onRevoke: 'keep',
  onExpiry: 'keep',
  checkRedemptionEveryMs: 6 * HOUR_MS,
  checkExpiredForMs: 30 * 24 * HOUR_MS,
  ...changes,
});

export const aRequest = (changes: Partial<GuestRequest> = {}): GuestRequest => ({
  kind: 'guest',
  graphVersion: 'v1.0',
  invitedUserEmailAddress: 'ada@fabrikam.example',
  inviteRedirectUrl: 'https://myapp.contoso.example',
  invitedUserType: 'Guest',
  sendInvitationMessage: true,
  resetRedemption: false,
  reminders: { after: ['P3D', 'P7D'], timeZone: 'UTC' },
  expireAfter: 'P30D',
  ...changes,
});

export const aSend = (changes: Partial<Send> = {}): Send => ({
  number: 0,
  cause: 'first',
  status: 'sent',
  at: SENT_AT,
  attemptId: 'attempt-0',
  ...changes,
});

/** Queued, with nothing mailed yet. */
export const aQueuedInvitation = (changes: Partial<Invitation> = {}): Invitation => ({
  schemaVersion: 1,
  id: ID,
  kind: 'guest',
  status: 'queued',
  createdAt: REQUESTED_AT,
  person: '00112233445566778899aabbccddeeff',
  caller: 'hr',
  request: aRequest(),
  warnings: [],
  holdsClaim: true,
  sends: [],
  remindersDone: 0,
  resolvedTries: 0,
  deadLetters: 0,
  waits: 0,
  historyCount: 1,
  ...changes,
});

/** Mailed once, not redeemed yet; the guest is known to be ours. */
export const aPendingInvitation = (changes: Partial<Invitation> = {}): Invitation =>
  aQueuedInvitation({
    status: 'pendingAcceptance',
    sends: [aSend()],
    firstSentAt: SENT_AT,
    expiresAt: '2026-04-01T09:00:05.000Z',
    nextCheckAt: '2026-03-02T15:00:05.000Z',
    graph: { id: 'graph-1', status: 'PendingAcceptance', invitedUser: { id: 'user-1' } },
    guestCreatedAfter: '2026-03-02T09:00:04.000Z',
    ...changes,
  });

/** Somebody has to decide: whether the first mail went out is not known. */
export const anInvitationInReview = (changes: Partial<Invitation> = {}): Invitation =>
  aQueuedInvitation({
    status: 'needsReview',
    fault: { code: 'sendUnclear', message: 'Whether the invitation was mailed is not known.' },
    nextCheckAt: '2026-03-02T15:12:05.000Z',
    ...changes,
  });

/** Not redeemed within its time; still looked at until 1 May. */
export const anExpiredInvitation = (changes: Partial<Invitation> = {}): Invitation =>
  aPendingInvitation({
    status: 'expired',
    holdsClaim: false,
    remindersDone: 2,
    closedAt: '2026-04-01T09:00:05.000Z',
    nextCheckAt: '2026-04-01T15:00:05.000Z',
    lateCheckUntil: '2026-05-01T09:00:05.000Z',
    ...changes,
  });

/** A plausible invitation of each status. */
export function anInvitationThatIs(status: Status): Invitation {
  const closed = { holdsClaim: false, closedAt: '2026-03-03T09:00:00.000Z' };
  switch (status) {
    case 'queued':
      return aQueuedInvitation();
    case 'awaitingApproval':
      return aQueuedInvitation({ status });
    case 'scheduled':
      return aQueuedInvitation({ status, request: aRequest({ notBefore: '2026-03-10T08:00:00.000Z' }) });
    case 'pendingAcceptance':
      return aPendingInvitation();
    case 'needsReview':
      return anInvitationInReview();
    case 'expired':
      return anExpiredInvitation();
    case 'accepted':
    case 'failed':
    case 'revoked':
    case 'rejected':
      return aQueuedInvitation({ status, ...closed });
  }
}

/** The intent of the first mail, where the look-up before it found nobody. */
export const aFirstSend = (changes: Partial<SendIntent> = {}): SendIntent => ({
  purpose: 'send',
  attemptId: 'attempt-0',
  number: 0,
  cause: 'first',
  startedAt: '2026-03-02T09:00:04.500Z',
  leaseEndsAt: '2026-03-02T09:02:04.500Z',
  before: { known: false },
  graphNow: '2026-03-02T09:00:04.000Z',
  ...changes,
});

/** The intent of the mail for the first reminder. */
export const aReminder = (changes: Partial<SendIntent> = {}): SendIntent => ({
  purpose: 'send',
  attemptId: 'attempt-1',
  number: 1,
  cause: 'reminder',
  reminderIndex: 0,
  startedAt: '2026-03-05T09:00:05.000Z',
  leaseEndsAt: '2026-03-05T09:02:05.000Z',
  ...changes,
});

export const aRemoval = (changes: Partial<RemovalIntent> = {}): RemovalIntent => ({
  purpose: 'removeGuest',
  attemptId: 'attempt-r',
  startedAt: '2026-04-01T09:00:06.000Z',
  leaseEndsAt: '2026-04-01T09:02:06.000Z',
  ...changes,
});

import type { Fault, GraphRecord } from './invitation';
import type { Instant } from './time';

/** What became of a step. Those with an `attemptId` end an intent and only count while it is in force. */
export type Outcome = IntentOutcome | GroupOutcome | FreeOutcome;

export type IntentOutcome =
  /** `isRedeemed`: the person can use it already, so there is nothing to wait for. */
  | { type: 'sent'; attemptId: string; graph: GraphRecord; isRedeemed?: boolean }
  /** Graph shared the item, and its mail failed. */
  | { type: 'unmailed'; attemptId: string; graph: GraphRecord; fault: Fault; retryAt: Instant }
  /** Graph will never do it: the fault is the invitation's own. */
  | { type: 'refused'; attemptId: string; fault: Fault }
  /** Surely nothing was mailed: the same send again from `retryAt` on. */
  | { type: 'notSent'; attemptId: string; fault: Fault; retryAt: Instant }
  /** Whether something was mailed is not known. */
  | { type: 'unknown'; attemptId: string; fault: Fault }
  | { type: 'resolved'; attemptId: string; verdict: Verdict }
  | { type: 'guestRemoved'; attemptId: string }
  | { type: 'guestKept'; attemptId: string; reason: string }
  /** `waited`: Graph could not be asked, which never counts as a try. */
  | { type: 'removalFailed'; attemptId: string; fault: Fault; retryAt: Instant; waited: boolean };

/** What looking at Graph told about a send whose answer is unknown. */
export type Verdict =
  | { found: 'sent'; graph: GraphRecord; isRedeemed: boolean }
  /** The item is shared; whether the mail went out that was to tell of it can't be seen. */
  | { found: 'shared'; graph: GraphRecord }
  | { found: 'notSent' }
  | { found: 'unclear'; userId?: string };

/** Of one group. `waited`: Graph could not be asked, which never counts as a try. */
export type GroupOutcome =
  | { type: 'groupJoined'; groupId: string }
  | { type: 'groupFailed'; groupId: string; fault: Fault }
  | { type: 'groupLater'; groupId: string; fault: Fault; retryAt: Instant; waited: boolean };

export type FreeOutcome =
  /** `guest`: the one that a share waited for is invited. */
  | { type: 'enqueued'; sendAt: Instant; guest?: { userId?: string } }
  /** A share needs a guest first: the invitation that makes one. */
  | { type: 'waitsForGuest'; invitationId: string }
  /** That guest will not come, or is gone. */
  | { type: 'guestMissing'; fault: Fault }
  | { type: 'updated'; requestedAt: Instant; graph: GraphRecord }
  | { type: 'updateRefused'; requestedAt: Instant; fault: Fault }
  /** The invitation that this one replaces is revoked and still under way for the same person and thing. */
  | { type: 'replacedBusy'; until: Instant }
  /** The invitation that this one replaces was revoked, or why it was not. */
  | { type: 'replacedRevoked'; refusal?: string }
  /** Nothing was tried; look again at `until`. `waited`: Graph could not be asked, so the next wait is longer. */
  | { type: 'postponed'; until: Instant; reason: string; waited: boolean }
  /** `graph`: what else was read of it. */
  | { type: 'redeemed'; userId?: string; changedAt?: string; graph?: GraphRecord }
  /** Graph does not say Accepted: `state` is its externalUserState, null for unknown, 'notFound' for no such user. */
  | { type: 'notRedeemed'; state: string | null; userId?: string }
  | { type: 'reminderSkipped'; reminderIndex: number; state: string | null }
  | { type: 'expired' }
  /** Nobody approved in time. */
  | { type: 'approvalExpired' }
  | { type: 'erased' };

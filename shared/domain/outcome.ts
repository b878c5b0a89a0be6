import type { Fault, GraphRecord } from './invitation';
import type { Instant } from './time';

/** What became of a step. Those with an `attemptId` end an intent and only count while it is in force. */
export type Outcome = IntentOutcome | GroupOutcome | FreeOutcome;

export type IntentOutcome =
  | { type: 'sent'; attemptId: string; graph: GraphRecord }
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
  | { found: 'sent'; userId: string; externalUserState: string | null }
  | { found: 'notSent' }
  | { found: 'unclear'; userId?: string };

/** Of one group. `waited`: Graph could not be asked, which never counts as a try. */
export type GroupOutcome =
  | { type: 'groupJoined'; groupId: string }
  | { type: 'groupFailed'; groupId: string; fault: Fault }
  | { type: 'groupLater'; groupId: string; fault: Fault; retryAt: Instant; waited: boolean };

export type FreeOutcome =
  | { type: 'enqueued'; sendAt: Instant }
  /** Nothing was tried; look again at `until`. `waited`: Graph could not be asked, so the next wait is longer. */
  | { type: 'postponed'; until: Instant; reason: string; waited: boolean }
  | { type: 'redeemed'; userId?: string; changedAt?: string }
  /** Graph does not say Accepted: `state` is its externalUserState, null for unknown, 'notFound' for no such user. */
  | { type: 'notRedeemed'; state: string | null; userId?: string }
  | { type: 'reminderSkipped'; reminderIndex: number; state: string | null }
  | { type: 'expired' };

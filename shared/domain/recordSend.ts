import { type Change, entry } from './history';
import {
  type GraphRecord,
  type HistoryEntry,
  type HistoryEvent,
  type Invitation,
  type Send,
  type SendIntent,
  WORKFLOW,
} from './invitation';
import type { Policy } from './policy';
import { accept, endIntent, nextCheck, without } from './states';
import { type Instant, addDuration } from './time';

/** Ends the intent with a mail that counts: the first one starts the clock of reminders and expiry. */
export function recordSend(
  invitation: Invitation,
  intent: SendIntent,
  status: Send['status'],
  now: Instant,
  policy: Policy,
): Change {
  const { number, cause, attemptId } = intent;
  const ended = endIntent(invitation);
  const told = isToldBy(intent, status, invitation) ? without(ended, 'updateRequestedAt') : ended;
  const base = {
    ...without(told, 'resendRequestedAt', 'nextAttemptAt', 'nextCheckAt', 'fault', 'unmailedTries'),
    status: 'pendingAcceptance' as const,
    waits: 0,
    sends: [...invitation.sends, { number, cause, status, at: now, attemptId }],
    remindersDone: remindersDoneBy(invitation, intent),
    ...nextCheck(invitation, now, policy),
  };
  const detail = status === 'unknown' ? `send ${number}, answer unknown: counts as sent` : `send ${number}`;
  const history = [...missed(invitation, intent, now), entry(now, SEND_EVENTS[cause], WORKFLOW, detail)];
  if (cause !== 'first') return { invitation: base, history };
  const { expireAfter, reminders } = invitation.request;
  const expiresAt = addDuration(now, expireAfter, reminders.timeZone);
  return { invitation: { ...base, firstSentAt: now, expiresAt, remindersDone: 0 }, history };
}

/** A mail whose answer was lost counts as sent, so that nobody gets two; what was not there before it is ours. */
export function recordUnknown(invitation: Invitation, intent: SendIntent, now: Instant, policy: Policy): Change {
  const recorded = recordSend(invitation, intent, 'unknown', now, policy);
  return { invitation: { ...recorded.invitation, ...madeBy(invitation, intent) }, history: recorded.history };
}

/** A first send says all that was changed before it began: Graph needs not be told once more. */
const isToldBy = (
  { cause, startedAt }: SendIntent,
  status: Send['status'],
  { updateRequestedAt }: Invitation,
): boolean =>
  cause === 'first' && status === 'sent' && updateRequestedAt !== undefined && updateRequestedAt <= startedAt;

const SEND_EVENTS = { first: 'sent', reminder: 'reminded', resend: 'resent' } as const satisfies Record<
  Send['cause'],
  HistoryEvent
>;

/** How many reminders are done once the mail is: the one it stands for, and all before it. */
export const remindersDoneBy = (invitation: Invitation, { reminderIndex }: SendIntent): number =>
  reminderIndex === undefined ? invitation.remindersDone : reminderIndex + 1;

/** Reminders that fell due together with a later one, or with a re-send: one mail stands for all of them. */
export function missed(invitation: Invitation, intent: SendIntent, now: Instant): HistoryEntry[] {
  const done = remindersDoneBy(invitation, intent) - invitation.remindersDone;
  const skipped = intent.cause === 'reminder' ? done - 1 : done;
  const detail = `${skipped} fell due together with send ${intent.number}`;
  return skipped > 0 ? [entry(now, 'reminderSkipped', WORKFLOW, detail)] : [];
}

/** What Graph made, and whether it is known to be ours. */
export const withGraph = (
  invitation: Invitation,
  intent: SendIntent,
  graph: GraphRecord,
): Pick<Invitation, 'graph' | 'guestCreatedAfter' | 'madePermission'> => ({
  graph: { ...invitation.graph, ...graph },
  ...madeBy(invitation, intent),
});

/** What is there after a mail is ours if it was not there before, or if an earlier invitation made it. */
export function madeBy(
  { kind }: Invitation,
  { before, graphNow }: SendIntent,
): Pick<Invitation, 'guestCreatedAfter' | 'madePermission'> {
  const isOurs = before?.known === false || (before !== undefined && 'isOurs' in before);
  if (!isOurs) return {};
  if (kind === 'driveItem') return { madePermission: true };
  return graphNow === undefined ? {} : { guestCreatedAfter: graphNow };
}

/**
 * Accepted where the person needs to accept nothing: a member, or a guest who has accepted before. But not a share that
 * somebody revoked while it was made: they did nothing to keep it, and it has to be taken back.
 */
export function settleAtOnce({ invitation, history }: Change, isRedeemed: boolean, now: Instant): Change {
  const isTakenBack = invitation.kind === 'driveItem' && invitation.revokeRequested !== undefined;
  if (!isRedeemed || isTakenBack) return { invitation, history };
  const accepted = accept(invitation, { graph: {} }, now);
  return { invitation: accepted.invitation, history: [...history, ...accepted.history] };
}

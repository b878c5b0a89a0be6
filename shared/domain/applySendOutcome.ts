import { type Change, entry } from './history';
import {
  type Fault,
  type GraphRecord,
  type HistoryEntry,
  type HistoryEvent,
  type Invitation,
  type Kind,
  type Send,
  type SendIntent,
  WORKFLOW,
} from './invitation';
import type { IntentOutcome, Verdict } from './outcome';
import type { Policy } from './policy';
import { accept, endIntent, fail, nextCheck, settleRevoke, toReview, without } from './states';
import { type Instant, addDuration } from './time';

/** What the answer to a mail, or what was found out about it later, means for the invitation whose intent it ends. */
export function applySendOutcome(
  invitation: Invitation,
  intent: SendIntent,
  outcome: IntentOutcome,
  now: Instant,
  policy: Policy,
): Change | undefined {
  switch (outcome.type) {
    case 'sent':
      return settleRevoke(sent(invitation, intent, outcome, now, policy), now, policy);
    case 'unmailed':
      return settleRevoke(unmailed(invitation, intent, outcome, now, policy), now, policy);
    case 'refused':
      return refused(invitation, intent, outcome.fault, now, policy);
    case 'notSent':
      return settleRevoke(notSent(invitation, outcome, now), now, policy);
    case 'unknown':
      return unknown(invitation, intent, outcome.fault, now, policy);
    case 'resolved':
      return settleRevoke(resolved(invitation, intent, outcome.verdict, now, policy), now, policy);
    case 'guestRemoved':
    case 'guestKept':
    case 'removalFailed':
      return undefined;
  }
}

function sent(
  invitation: Invitation,
  intent: SendIntent,
  { graph, isRedeemed }: Extract<IntentOutcome, { type: 'sent' }>,
  now: Instant,
  policy: Policy,
): Change {
  const recorded = recordSend(invitation, intent, 'sent', now, policy);
  const found = { ...recorded.invitation, ...withGraph(invitation, intent, graph) };
  return settleAtOnce({ invitation: found, history: recorded.history }, isRedeemed === true, now);
}

/** What Graph made, and whether it is known to be ours: it was not there before, or an earlier invitation made it. */
function withGraph(
  invitation: Invitation,
  intent: SendIntent,
  graph: GraphRecord,
): Pick<Invitation, 'graph' | 'guestCreatedAfter' | 'madePermission'> {
  const merged = { graph: { ...invitation.graph, ...graph } };
  const { before } = intent;
  const isOurs = before?.known === false || (before !== undefined && 'isOurs' in before);
  if (!isOurs) return merged;
  if (invitation.kind === 'driveItem') return { ...merged, madePermission: true };
  return intent.graphNow === undefined ? merged : { ...merged, guestCreatedAfter: intent.graphNow };
}

/**
 * Accepted where the person needs to accept nothing: a member, or a guest who has accepted before. But not a share that
 * somebody revoked while it was made: they did nothing to keep it, and it has to be taken back.
 */
function settleAtOnce({ invitation, history }: Change, isRedeemed: boolean, now: Instant): Change {
  const isTakenBack = invitation.kind === 'driveItem' && invitation.revokeRequested !== undefined;
  if (!isRedeemed || isTakenBack) return { invitation, history };
  const accepted = accept(invitation, { graph: {} }, now);
  return { invitation: accepted.invitation, history: [...history, ...accepted.history] };
}

/**
 * The item is shared and the mail failed: the same send again, until a person has to look; a reminder is given up
 * instead.
 */
function unmailed(
  invitation: Invitation,
  intent: SendIntent,
  outcome: Extract<IntentOutcome, { type: 'unmailed' }>,
  now: Instant,
  policy: Policy,
): Change {
  const { fault, graph, retryAt } = outcome;
  const unmailedTries = (invitation.unmailedTries ?? 0) + 1;
  const shared = { ...endIntent(invitation), ...withGraph(invitation, intent, graph), unmailedTries };
  const history = [entry(now, 'sharedUnmailed', WORKFLOW, fault.code)];
  if (unmailedTries < policy.maxSendAttempts) {
    return { invitation: { ...shared, nextAttemptAt: retryAt, waits: invitation.waits + 1 }, history };
  }
  if (intent.cause === 'first') {
    const review = notMailed(shared, fault, now, policy);
    return { invitation: review.invitation, history: [...history, ...review.history] };
  }
  return {
    invitation: {
      ...without(shared, 'unmailedTries', 'resendRequestedAt', 'nextAttemptAt'),
      fault,
      waits: 0,
      remindersDone: remindersDoneBy(invitation, intent),
    },
    history: [...history, ...missed(invitation, intent, now)],
  };
}

/** A person has to look: the item is shared, and nobody has told whom it is shared with. */
const notMailed = (shared: Invitation, fault: Fault, now: Instant, policy: Policy): Change =>
  toReview(shared, { code: 'notMailed', message: `${NOT_MAILED} ${fault.message}` }, now, policy);

const NOT_MAILED =
  'The item is shared, but Microsoft Graph’s mail failed each time. Tell the person yourself and confirm it as sent, or try ' +
  'again.';

/** Ends the intent with a mail that counts: the first one starts the clock of reminders and expiry. */
function recordSend(
  invitation: Invitation,
  intent: SendIntent,
  status: Send['status'],
  now: Instant,
  policy: Policy,
): Change {
  const { number, cause, attemptId } = intent;
  const base = {
    ...without(endIntent(invitation), 'resendRequestedAt', 'nextAttemptAt', 'nextCheckAt', 'fault', 'unmailedTries'),
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

const SEND_EVENTS = { first: 'sent', reminder: 'reminded', resend: 'resent' } as const satisfies Record<
  Send['cause'],
  HistoryEvent
>;

/** How many reminders are done once the mail is: the one it stands for, and all before it. */
const remindersDoneBy = (invitation: Invitation, { reminderIndex }: SendIntent): number =>
  reminderIndex === undefined ? invitation.remindersDone : reminderIndex + 1;

/** Reminders that fell due together with a later one, or with a re-send: one mail stands for all of them. */
function missed(invitation: Invitation, intent: SendIntent, now: Instant): HistoryEntry[] {
  const done = remindersDoneBy(invitation, intent) - invitation.remindersDone;
  const skipped = intent.cause === 'reminder' ? done - 1 : done;
  const detail = `${skipped} fell due together with send ${intent.number}`;
  return skipped > 0 ? [entry(now, 'reminderSkipped', WORKFLOW, detail)] : [];
}

/**
 * A first send that Graph refuses closes the invitation, unless an earlier try has shared the item: failed would say that
 * the person can't use it. A reminder that it refuses is only that reminder.
 */
function refused(invitation: Invitation, intent: SendIntent, fault: Fault, now: Instant, policy: Policy): Change {
  if (intent.cause === 'first') {
    const isShared = invitation.kind === 'driveItem' && invitation.graph?.id !== undefined;
    return isShared
      ? settleRevoke(notMailed(invitation, fault, now, policy), now, policy)
      : fail(invitation, fault, now);
  }
  const next = {
    ...without(endIntent(invitation), 'resendRequestedAt', 'nextAttemptAt'),
    fault,
    waits: 0,
    remindersDone: remindersDoneBy(invitation, intent),
  };
  const change = {
    invitation: next,
    history: [
      ...missed(invitation, intent, now),
      entry(now, 'refused', WORKFLOW, `send ${intent.number}: ${fault.code}`),
    ],
  };
  return settleRevoke(change, now, policy);
}

const notSent = (
  invitation: Invitation,
  outcome: Extract<IntentOutcome, { type: 'notSent' }>,
  now: Instant,
): Change => ({
  invitation: {
    ...endIntent(invitation),
    nextAttemptAt: outcome.retryAt,
    waits: invitation.waits + 1,
  },
  history: [entry(now, 'postponed', WORKFLOW, outcome.fault.code)],
});

/** A first send stays under its intent until it is resolved; a reminder counts as sent, so that nobody gets two. */
function unknown(invitation: Invitation, intent: SendIntent, fault: Fault, now: Instant, policy: Policy): Change {
  if (intent.cause !== 'first') {
    return settleRevoke(recordSend(invitation, intent, 'unknown', now, policy), now, policy);
  }
  return {
    invitation: { ...invitation, intent: { ...intent, unknown: fault.code } },
    history: [entry(now, 'answerUnknown', WORKFLOW, fault.code)],
  };
}

function resolved(invitation: Invitation, intent: SendIntent, verdict: Verdict, now: Instant, policy: Policy): Change {
  if (intent.cause !== 'first') return recordSend(invitation, intent, 'unknown', intent.startedAt, policy);
  switch (verdict.found) {
    case 'sent':
      return resolvedSent(invitation, intent, verdict, now, policy);
    case 'notSent':
      return resolvedNotSent(invitation, now, policy);
    case 'unclear':
      return toReview(
        { ...invitation, ...(verdict.userId === undefined ? {} : withUser(invitation, verdict.userId)) },
        { code: 'sendUnclear', message: UNCLEAR[invitation.kind] },
        now,
        policy,
      );
  }
}

const ASK = 'Ask the person, then confirm it as sent or try it again.';

const UNCLEAR: Record<Kind, string> = {
  guest: `Whether the invitation was mailed is not known, and Graph can’t tell, because the person was in the directory before. ${ASK}`,
  driveItem: `Whether the share was mailed is not known, and Graph can’t tell, because the permission was there before, or nothing tells whose it is. ${ASK}`,
  linkedIn: `Whether the invitation was added is not known, and nothing of Graph tells. ${ASK}`,
};

const STRICT =
  'AMBIGUOUS_SENDS=strict never mails again without a person’s decision: confirm it as sent or try it again.';

const UNCLEAR_STRICT: Record<Kind, string> = {
  guest: `Whether the invitation was mailed is not known: Graph does not show the person. ${STRICT}`,
  driveItem: `Whether the share was mailed is not known: Graph does not show the permission. ${STRICT}`,
  linkedIn: UNCLEAR.linkedIn,
};

const NO_ANSWER: Record<Kind, string> = {
  guest: 'Microsoft Graph gave no answer to any try, and the person never appeared in the directory.',
  driveItem: 'Microsoft Graph gave no answer to any try, and the permission never appeared on the item.',
  linkedIn: 'Microsoft Graph gave no answer to any try.',
};

export const withUser = (invitation: Invitation, userId: string): Pick<Invitation, 'graph'> => ({
  graph: { ...invitation.graph, invitedUser: { ...invitation.graph?.invitedUser, id: userId } },
});

function resolvedSent(
  invitation: Invitation,
  intent: SendIntent,
  verdict: Extract<Verdict, { found: 'sent' }>,
  now: Instant,
  policy: Policy,
): Change {
  const recorded = recordSend(invitation, intent, 'sent', intent.startedAt, policy);
  const made = invitation.kind === 'driveItem' ? { madePermission: true as const } : {};
  const found = { ...recorded.invitation, graph: { ...invitation.graph, ...verdict.graph }, ...made };
  const history = [entry(now, 'resolvedSent', WORKFLOW), ...recorded.history];
  return settleAtOnce({ invitation: found, history }, verdict.isRedeemed, now);
}

function resolvedNotSent(invitation: Invitation, now: Instant, policy: Policy): Change {
  if (policy.ambiguousSends === 'strict') {
    return toReview(invitation, { code: 'sendUnclear', message: UNCLEAR_STRICT[invitation.kind] }, now, policy);
  }
  const resolvedTries = invitation.resolvedTries + 1;
  if (resolvedTries >= policy.maxSendAttempts) {
    return fail({ ...invitation, resolvedTries }, { code: 'noAnswer', message: NO_ANSWER[invitation.kind] }, now);
  }
  return {
    invitation: { ...without(endIntent(invitation), 'nextAttemptAt'), resolvedTries },
    history: [entry(now, 'resolvedNotSent', WORKFLOW)],
  };
}

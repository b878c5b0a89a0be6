import { type Change, entry } from './history';
import { type Fault, type Invitation, type SendIntent, WORKFLOW } from './invitation';
import type { IntentOutcome } from './outcome';
import type { Policy } from './policy';
import { missed, recordSend, recordUnknown, remindersDoneBy, settleAtOnce, withGraph } from './recordSend';
import { resolveSend } from './resolveSend';
import { endIntent, fail, settleRevoke, toReview, without } from './states';
import type { Instant } from './time';

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
      return settleRevoke(resolveSend(invitation, intent, outcome.verdict, now, policy), now, policy);
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
    return settleRevoke(recordUnknown(invitation, intent, now, policy), now, policy);
  }
  return {
    invitation: { ...invitation, intent: { ...intent, unknown: fault.code } },
    history: [entry(now, 'answerUnknown', WORKFLOW, fault.code)],
  };
}

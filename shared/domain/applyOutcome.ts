import { applySendOutcome, withUser } from './applySendOutcome';
import { applyGroupOutcome } from './groups';
import { type Change, entry } from './history';
import { type Intent, type Invitation, WORKFLOW } from './invitation';
import { wakeUpOf } from './nextStep';
import type { IntentOutcome, Outcome } from './outcome';
import type { Policy } from './policy';
import { accept, close, endIntent, without } from './states';
import { type Instant, addMs } from './time';
import { transition } from './transition';

/**
 * What an outcome means for an invitation. Pure. Undefined when it means nothing any more: the intent it ends is not in
 * force, or the status has moved on.
 */
export function applyOutcome(
  invitation: Invitation,
  outcome: Outcome,
  now: Instant,
  policy: Policy,
): Change | undefined {
  if ('attemptId' in outcome) {
    const { intent } = invitation;
    if (intent?.attemptId !== outcome.attemptId) return undefined;
    return intent.purpose === 'send'
      ? applySendOutcome(invitation, intent, outcome, now, policy)
      : applyRemovalOutcome(invitation, outcome, now);
  }
  if ('groupId' in outcome) return applyGroupOutcome(invitation, outcome, now);
  switch (outcome.type) {
    case 'enqueued':
      return enqueued(invitation, outcome.sendAt, now);
    case 'postponed':
      return postponed(invitation, outcome, now, policy);
    case 'redeemed':
      return invitation.intent || !transition(invitation.status, 'redeemed')
        ? undefined
        : accept(invitation, outcome, now);
    case 'notRedeemed':
      return notRedeemed(invitation, outcome, now, policy);
    case 'reminderSkipped':
      return reminderSkipped(invitation, outcome, now);
    case 'expired':
      return expired(invitation, now, policy);
  }
}

function applyRemovalOutcome(invitation: Invitation, outcome: IntentOutcome, now: Instant): Change | undefined {
  const free = endIntent(invitation);
  const { tries } = { tries: 0, ...invitation.removal };
  switch (outcome.type) {
    case 'guestRemoved':
      return {
        invitation: { ...without(free, 'nextAttemptAt', 'nextCheckAt'), removal: { status: 'removed', at: now } },
        history: [entry(now, 'guestRemoved', WORKFLOW)],
      };
    case 'guestKept':
      return kept(free, outcome.reason, now);
    case 'removalFailed':
      return removalFailed(free, tries, outcome, now);
    case 'sent':
    case 'refused':
    case 'notSent':
    case 'unknown':
    case 'resolved':
      return undefined;
  }
}

const MAX_REMOVAL_TRIES = 8;

function removalFailed(
  invitation: Invitation,
  triesBefore: number,
  outcome: Extract<IntentOutcome, { type: 'removalFailed' }>,
  now: Instant,
): Change {
  const tries = outcome.waited ? triesBefore : triesBefore + 1;
  if (tries >= MAX_REMOVAL_TRIES) return kept(invitation, `removal failed ${tries} times: ${outcome.fault.code}`, now);
  return {
    invitation: {
      ...invitation,
      nextAttemptAt: outcome.retryAt,
      waits: invitation.waits + 1,
      removal: { status: 'due', tries },
    },
    history: [entry(now, 'postponed', WORKFLOW, `removal: ${outcome.fault.code}`)],
  };
}

const kept = (invitation: Invitation, reason: string, now: Instant): Change => ({
  invitation: { ...without(invitation, 'nextAttemptAt'), removal: { status: 'kept', reason } },
  history: [entry(now, 'guestKept', WORKFLOW, reason)],
});

function enqueued(invitation: Invitation, sendAt: Instant, now: Instant): Change | undefined {
  const status = transition(invitation.status, 'enqueue');
  if (!status) return undefined;
  return {
    invitation: { ...invitation, status, nextAttemptAt: sendAt },
    history: [entry(now, 'enqueued', WORKFLOW)],
  };
}

function postponed(
  invitation: Invitation,
  outcome: Extract<Outcome, { type: 'postponed' }>,
  now: Instant,
  policy: Policy,
): Change | undefined {
  if (!wakeUpOf(invitation, now, policy)) return undefined;
  return {
    invitation: {
      ...invitation,
      nextAttemptAt: outcome.until,
      waits: outcome.waited ? invitation.waits + 1 : invitation.waits,
    },
    // Waiting for a token is the normal way of a big batch: not worth a line of history.
    history: outcome.waited ? [entry(now, 'postponed', WORKFLOW, outcome.reason)] : [],
  };
}

function notRedeemed(
  invitation: Invitation,
  outcome: Extract<Outcome, { type: 'notRedeemed' }>,
  now: Instant,
  policy: Policy,
): Change | undefined {
  const { intent, nextCheckAt, lateCheckUntil } = invitation;
  if (intent || nextCheckAt === undefined) return undefined;
  const again = addMs(now, policy.checkRedemptionEveryMs);
  const isOver = lateCheckUntil !== undefined && again > lateCheckUntil;
  return {
    invitation: {
      ...without(invitation, 'nextAttemptAt', 'nextCheckAt'),
      ...(outcome.userId === undefined ? {} : withUser(invitation, outcome.userId)),
      ...(isOver ? {} : { nextCheckAt: again }),
      waits: 0,
    },
    history: [],
  };
}

function reminderSkipped(
  invitation: Invitation,
  outcome: Extract<Outcome, { type: 'reminderSkipped' }>,
  now: Instant,
): Change | undefined {
  const { status, intent, remindersDone } = invitation;
  if (intent || status !== 'pendingAcceptance' || remindersDone > outcome.reminderIndex) return undefined;
  const state = outcome.state ?? 'unknown';
  return {
    invitation: {
      ...without(invitation, 'nextAttemptAt'),
      waits: 0,
      remindersDone: outcome.reminderIndex + 1,
    },
    history: [entry(now, 'reminderSkipped', WORKFLOW, `Graph says ${state}, not PendingAcceptance`)],
  };
}

function expired(invitation: Invitation, now: Instant, policy: Policy): Change | undefined {
  const status = transition(invitation.status, 'expire');
  if (!status || invitation.intent) return undefined;
  const closed = close({ ...invitation, status }, now, policy.onExpiry);
  return {
    invitation: {
      ...closed,
      nextCheckAt: addMs(now, policy.checkRedemptionEveryMs),
      lateCheckUntil: addMs(now, policy.checkExpiredForMs),
    },
    history: [entry(now, 'expired', WORKFLOW)],
  };
}

/**
 * The invitation under an intent, right before Graph is asked. The caller has made sure that the step is still due; this
 * holds besides that nothing is asked twice: not while another intent is in force, and no send whose number is done.
 */
export const placeIntent = (invitation: Invitation, intent: Intent): Change | undefined =>
  invitation.intent || (intent.purpose === 'send' && intent.number !== invitation.sends.length)
    ? undefined
    : { invitation: { ...invitation, intent }, history: [] };

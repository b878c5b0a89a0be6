import { applyRemovalOutcome } from './applyRemovalOutcome';
import { applySendOutcome } from './applySendOutcome';
import { applyUpdateOutcome } from './applyUpdateOutcome';
import { approvalExpired } from './approval';
import { decideErase } from './erase';
import { applyGroupOutcome } from './groups';
import { type Change, entry } from './history';
import { type Intent, type Invitation, WORKFLOW } from './invitation';
import type { FreeOutcome, Outcome } from './outcome';
import type { Policy } from './policy';
import { expired, notRedeemed, redeemed, reminderSkipped } from './redemptionOutcomes';
import type { Instant } from './time';
import { enqueued, guestMissing, postponed, waitsForGuest } from './waitOutcomes';

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
  return 'groupId' in outcome
    ? applyGroupOutcome(invitation, outcome, now)
    : applyFreeOutcome(invitation, outcome, now, policy);
}

function applyFreeOutcome(
  invitation: Invitation,
  outcome: FreeOutcome,
  now: Instant,
  policy: Policy,
): Change | undefined {
  switch (outcome.type) {
    case 'enqueued':
      return enqueued(invitation, outcome, now);
    case 'waitsForGuest':
      return waitsForGuest(invitation, outcome.invitationId, now);
    case 'guestMissing':
      return guestMissing(invitation, outcome.fault, now);
    case 'updated':
    case 'updateRefused':
      return applyUpdateOutcome(invitation, outcome, now);
    case 'replacedBusy':
    case 'replacedRevoked':
      return applyReplacedOutcome(invitation, outcome, now);
    case 'postponed':
      return postponed(invitation, outcome, now, policy);
    case 'redeemed':
      return redeemed(invitation, outcome, now);
    case 'notRedeemed':
      return notRedeemed(invitation, outcome, now, policy);
    case 'reminderSkipped':
      return reminderSkipped(invitation, outcome, now);
    case 'expired':
      return expired(invitation, now, policy);
    case 'approvalExpired':
      return approvalExpired(invitation, now);
    case 'erased':
      return decideErase(invitation, WORKFLOW, now).change;
  }
}

/** What came of revoking the invitation that this one stands in for. */
function applyReplacedOutcome(
  invitation: Invitation,
  outcome: Extract<Outcome, { type: 'replacedBusy' | 'replacedRevoked' }>,
  now: Instant,
): Change | undefined {
  const { replaces, waits } = invitation;
  if (replaces?.status !== 'due') return undefined;
  if (outcome.type === 'replacedBusy') {
    return {
      invitation: { ...invitation, replaces: { ...replaces, retryAt: outcome.until }, waits: waits + 1 },
      history: [],
    };
  }
  const { refusal } = outcome;
  return {
    invitation: { ...invitation, replaces: { id: replaces.id, status: 'done' }, waits: 0 },
    history: [
      refusal === undefined
        ? entry(now, 'replaced', WORKFLOW, replaces.id)
        : entry(now, 'notReplaced', WORKFLOW, `${replaces.id}: ${refusal}`),
    ],
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

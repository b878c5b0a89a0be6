import { approvalExpired } from './approval';
import { applySendOutcome, withUser } from './applySendOutcome';
import { decideErase } from './erase';
import { applyGroupOutcome } from './groups';
import { type Change, entry } from './history';
import { type Intent, type Invitation, WORKFLOW } from './invitation';
import { wakeUpOf } from './nextStep';
import type { IntentOutcome, Outcome } from './outcome';
import type { Policy } from './policy';
import { isRedemptionKnown } from './request';
import { accept, close, endIntent, fail, nextCheck, without } from './states';
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
      return enqueued(invitation, outcome, now);
    case 'waitsForGuest':
      return waitsForGuest(invitation, outcome.invitationId, now);
    case 'guestMissing':
      return invitation.intent || !transition(invitation.status, 'refused')
        ? undefined
        : fail(invitation, outcome.fault, now);
    case 'updated':
    case 'updateRefused':
      return applyUpdateOutcome(invitation, outcome, now);
    case 'replacedBusy':
    case 'replacedRevoked':
      return applyReplacedOutcome(invitation, outcome, now);
    case 'postponed':
      return postponed(invitation, outcome, now, policy);
    case 'redeemed':
      return invitation.intent || !transition(invitation.status, 'redeemed') || !isGiven(invitation)
        ? undefined
        : accept(invitation, outcome, now);
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

function applyRemovalOutcome(invitation: Invitation, outcome: IntentOutcome, now: Instant): Change | undefined {
  const free = endIntent(invitation);
  const { tries } = { tries: 0, ...invitation.removal };
  switch (outcome.type) {
    case 'guestRemoved':
      return {
        invitation: { ...without(free, 'nextAttemptAt', 'nextCheckAt'), removal: { status: 'removed', at: now } },
        history: [entry(now, isItem(invitation) ? 'permissionDeleted' : 'guestRemoved', WORKFLOW)],
      };
    case 'guestKept':
      return kept(free, outcome.reason, now);
    case 'removalFailed':
      return removalFailed(free, tries, outcome, now);
    case 'sent':
    case 'unmailed':
    case 'refused':
    case 'notSent':
    case 'unknown':
    case 'resolved':
      return undefined;
  }
}

const isItem = ({ kind }: Invitation): boolean => kind === 'driveItem';

/**
 * Whether the person has what the invitation is for once they have redeemed: a guest does. With an item they must have been
 * shared too, for an account that was accepted long ago gives no access to it; and the access must not be taken back.
 */
function isGiven({ kind, status, sends, graph, removal }: Invitation): boolean {
  if (kind !== 'driveItem') return true;
  const isShared = graph?.id !== undefined || sends.length > 0;
  return isShared && status !== 'queued' && removal?.status !== 'removed';
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
  history: [entry(now, isItem(invitation) ? 'permissionKept' : 'guestKept', WORKFLOW, reason)],
});

function enqueued(
  invitation: Invitation,
  { sendAt, guest }: Extract<Outcome, { type: 'enqueued' }>,
  now: Instant,
): Change | undefined {
  const status = transition(invitation.status, 'enqueue');
  // With a guest it ends the wait for one, without the wait for a date: either may be over by now.
  if (!status || (guest === undefined) !== (invitation.waitsFor === undefined)) return undefined;
  return {
    invitation: {
      ...without(invitation, 'waitsFor'),
      ...(guest ? { guestReadyAt: now } : {}),
      ...(guest?.userId === undefined ? {} : withUser(invitation, guest.userId)),
      status,
      waits: 0,
      nextAttemptAt: sendAt,
    },
    history: [entry(now, 'enqueued', WORKFLOW)],
  };
}

function waitsForGuest(invitation: Invitation, invitationId: string, now: Instant): Change | undefined {
  const status = transition(invitation.status, 'putOff');
  if (!status || invitation.intent) return undefined;
  return {
    invitation: { ...without(invitation, 'nextAttemptAt'), status, waits: 0, waitsFor: invitationId },
    history: [entry(now, 'waitsForGuest', WORKFLOW, invitationId)],
  };
}

/**
 * Undefined where another change came in between: Graph has to be told of that one too. A call that was told of after a
 * later one may have reached Graph after it, so then Graph is told once more how it shall be.
 */
function applyUpdateOutcome(
  invitation: Invitation,
  outcome: Extract<Outcome, { type: 'updated' | 'updateRefused' }>,
  now: Instant,
): Change | undefined {
  const { status, updateRequestedAt, toldAt } = invitation;
  const { requestedAt } = outcome;
  if (updateRequestedAt !== requestedAt) {
    const isLate = updateRequestedAt === undefined && toldAt !== undefined && requestedAt < toldAt;
    const isTold = outcome.type === 'updated' && status === 'pendingAcceptance';
    return isLate && isTold ? { invitation: { ...invitation, updateRequestedAt: now }, history: [] } : undefined;
  }
  const told = { ...without(invitation, 'updateRequestedAt', 'nextAttemptAt'), waits: 0, toldAt: requestedAt };
  return outcome.type === 'updated'
    ? {
        invitation: { ...without(told, 'fault'), graph: { ...invitation.graph, ...outcome.graph } },
        history: [entry(now, 'updated', WORKFLOW)],
      }
    : {
        invitation: { ...told, fault: outcome.fault },
        history: [entry(now, 'updateRefused', WORKFLOW, outcome.fault.code)],
      };
}

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
  const why = isItem(invitation)
    ? 'the permission is not there any more'
    : `Graph says ${outcome.state ?? 'unknown'}, not PendingAcceptance`;
  return {
    invitation: {
      ...without(invitation, 'nextAttemptAt'),
      waits: 0,
      remindersDone: outcome.reminderIndex + 1,
    },
    history: [entry(now, 'reminderSkipped', WORKFLOW, why)],
  };
}

function expired(invitation: Invitation, now: Instant, policy: Policy): Change | undefined {
  const status = transition(invitation.status, 'expire');
  if (!status || invitation.intent) return undefined;
  const closed = close({ ...invitation, status }, now, policy.onExpiry);
  const late = isRedemptionKnown(invitation.request) ? { lateCheckUntil: addMs(now, policy.checkExpiredForMs) } : {};
  return {
    invitation: { ...closed, ...nextCheck(invitation, now, policy), ...late },
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

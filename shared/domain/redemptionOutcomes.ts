import { type Change, entry } from './history';
import { type Invitation, WORKFLOW } from './invitation';
import type { Outcome } from './outcome';
import type { Policy } from './policy';
import { isMailed, isRedemptionKnown } from './request';
import { accept, close, nextCheck, withUser, without } from './states';
import { type Instant, addMs, toMs } from './time';
import { transition } from './transition';

export const redeemed = (
  invitation: Invitation,
  outcome: Extract<Outcome, { type: 'redeemed' }>,
  now: Instant,
): Change | undefined =>
  invitation.intent ||
  !transition(invitation.status, 'redeemed') ||
  !isGiven(invitation) ||
  !isNews(invitation, outcome.changedAt)
    ? undefined
    : accept(invitation, outcome, now);

/**
 * Whether the person has what the invitation is for once they have redeemed: a guest does. With an item they must have been
 * shared too, for an account that was accepted long ago gives no access to it; and the access must not be taken back.
 */
function isGiven({ kind, status, sends, graph, removal }: Invitation): boolean {
  if (kind !== 'driveItem') return true;
  const isShared = graph?.id !== undefined || sends.length > 0;
  return isShared && status !== 'queued' && removal?.status !== 'removed';
}

/**
 * Whether a redemption at `changedAt` (Graph's externalUserStateChangeDateTime) tells anything of the invitation. Of a share
 * none of whose mails is known to have gone out, one from before it does not: members and guests of old can use the item
 * at once, and a person still has to see to it that they hear of it.
 */
export const isNews = ({ kind, sends, request, createdAt }: Invitation, changedAt: string | undefined): boolean =>
  kind !== 'driveItem' ||
  sends.length > 0 ||
  !isMailed(request) ||
  (changedAt !== undefined && toMs(changedAt) > toMs(createdAt));

/** Looked at and not redeemed: looked at again, until a late redemption is not waited for any more. */
export function notRedeemed(
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

/** A reminder that nobody needs: Graph does not say that the person has still to accept. */
export function reminderSkipped(
  invitation: Invitation,
  outcome: Extract<Outcome, { type: 'reminderSkipped' }>,
  now: Instant,
): Change | undefined {
  const { status, intent, remindersDone } = invitation;
  if (intent || status !== 'pendingAcceptance' || remindersDone > outcome.reminderIndex) return undefined;
  const why =
    invitation.kind === 'driveItem'
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

/** Nobody redeemed in time: closed, and looked after a while longer for whoever redeems late. */
export function expired(invitation: Invitation, now: Instant, policy: Policy): Change | undefined {
  const status = transition(invitation.status, 'expire');
  if (!status || invitation.intent) return undefined;
  const closed = close({ ...invitation, status }, now, policy.onExpiry);
  const late = isRedemptionKnown(invitation.request) ? { lateCheckUntil: addMs(now, policy.checkExpiredForMs) } : {};
  return {
    invitation: { ...closed, ...nextCheck(invitation, now, policy), ...late },
    history: [entry(now, 'expired', WORKFLOW)],
  };
}

import { applyOutcome } from './applyOutcome';
import type { Change } from './history';
import type { Invitation } from './invitation';
import type { Policy } from './policy';
import { isReset } from './request';
import type { Instant } from './time';
import { transition } from './transition';

/** A guest of whom Graph's list of changes says Accepted. */
export interface Redeemed {
  userId: string;
  /** Graph's externalUserStateChangeDateTime. */
  changedAt?: string;
}

/**
 * What it means for an invitation that the list of changes shows its guest as Accepted; undefined when nothing.
 *
 * Changes come late and more than once. After a reset of the redemption the one told of may be the one before it, so
 * then the guest is only looked at anew.
 */
export const noticeRedemption = (
  invitation: Invitation,
  redeemed: Redeemed,
  now: Instant,
  policy: Policy,
): Change | undefined =>
  isReset(invitation.request)
    ? checkNow(invitation, now)
    : applyOutcome(invitation, { type: 'redeemed', ...redeemed }, now, policy);

/** Whether a redemption counts for the invitation but not yet: an intent in force has to end first. */
export const mustHearAgain = ({ intent, status }: Invitation): boolean =>
  intent !== undefined && transition(status, 'redeemed') !== undefined;

/**
 * Has a guest looked at who is missing from Graph's list of pending ones: redeemed, removed, or not shown yet. Which of
 * them the ordinary check finds out. Undefined where the list says nothing new.
 */
export function checkUnlessPending(
  invitation: Invitation,
  pendingUserIds: ReadonlySet<string>,
  now: Instant,
): Change | undefined {
  const userId = invitation.graph?.invitedUser?.id;
  if (invitation.status !== 'pendingAcceptance' || userId === undefined || pendingUserIds.has(userId)) return undefined;
  return checkNow(invitation, now);
}

/** Moves the planned check to now; undefined where none is planned or it is due already. */
function checkNow(invitation: Invitation, now: Instant): Change | undefined {
  const { intent, nextCheckAt } = invitation;
  if (intent || nextCheckAt === undefined || nextCheckAt <= now) return undefined;
  return { invitation: { ...invitation, nextCheckAt: now }, history: [] };
}

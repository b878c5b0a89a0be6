import { groupsToJoin } from './groups';
import { type Change, entry } from './history';
import { type Fault, type GraphRecord, type Invitation, type Removal, WORKFLOW } from './invitation';
import type { Policy } from './policy';
import { isRedemptionKnown } from './request';
import { type Instant, addMs } from './time';

/** A copy without the named optional properties. */
export function without(invitation: Invitation, ...names: OptionalKeys[]): Invitation {
  return Object.fromEntries(
    Object.entries(invitation).filter(([name]) => !(names as string[]).includes(name)),
  ) as unknown as Invitation;
}

type OptionalKeys = {
  [K in keyof Invitation]-?: undefined extends Invitation[K] ? K : never;
}[keyof Invitation];

export const endIntent = (invitation: Invitation): Invitation => without(invitation, 'intent');

/** When the redemption is looked at next, where Graph can tell it at all. */
export const nextCheck = ({ request }: Invitation, now: Instant, policy: Policy): Pick<Invitation, 'nextCheckAt'> =>
  isRedemptionKnown(request) ? { nextCheckAt: addMs(now, policy.checkRedemptionEveryMs) } : {};

/** Closes: the claim is given back, nothing is planned any more but what `afterwards` asks to become of the guest. */
export function close(invitation: Invitation, now: Instant, afterwards?: 'keep' | 'removeGuest'): Invitation {
  const closed = {
    ...without(invitation, ...PLANS),
    holdsClaim: false,
    waits: 0,
    closedAt: now,
  };
  const removal = removalOf(invitation, afterwards);
  return removal ? { ...closed, removal } : closed;
}

const PLANS = [
  'resendRequestedAt',
  'updateRequestedAt',
  'nextAttemptAt',
  'nextCheckAt',
  'revokeRequested',
  'removal',
  'waitsFor',
] as const;

function removalOf(invitation: Invitation, afterwards: 'keep' | 'removeGuest' | undefined): Removal | undefined {
  if (afterwards === undefined) return undefined;
  switch (invitation.kind) {
    case 'guest':
      return guestRemoval(invitation, afterwards);
    case 'driveItem':
      return permissionRemoval(invitation, afterwards);
    case 'linkedIn':
      return undefined;
  }
}

/** Without any permission there is nothing to say; one that was there before stays. What was made may not be known by its id. */
function permissionRemoval(
  { graph, madePermission }: Invitation,
  afterwards: 'keep' | 'removeGuest',
): Removal | undefined {
  if (graph?.id === undefined && !madePermission) return undefined;
  if (afterwards === 'keep') return { status: 'kept', reason: 'the settings say to keep access' };
  if (!madePermission)
    return { status: 'kept', reason: 'the permission is not known to have been made by this invitation' };
  return { status: 'due', tries: 0 };
}

/** Only a guest whose creation is known to be ours may be removed; without any guest there is nothing to say. */
function guestRemoval(
  { graph, guestCreatedAfter }: Invitation,
  afterwards: 'keep' | 'removeGuest',
): Removal | undefined {
  if (!graph?.invitedUser && guestCreatedAfter === undefined) return undefined;
  if (afterwards === 'keep') return { status: 'kept', reason: 'the settings say to keep guests' };
  if (guestCreatedAfter === undefined) {
    return { status: 'kept', reason: 'the guest is not known to have been created by this invitation' };
  }
  return { status: 'due', tries: 0 };
}

/** What was read of a redemption: `graph` in the place of the state Accepted, where another thing told it. */
interface Redemption {
  userId?: string;
  changedAt?: string;
  graph?: GraphRecord;
}

/** Redeemed: whatever was planned falls away, and the groups of the request are joined. */
export function accept(invitation: Invitation, seen: Redemption, now: Instant): Change {
  const closed = without(close({ ...invitation, status: 'accepted' }, now), 'lateCheckUntil', 'fault');
  const graph = {
    ...invitation.graph,
    ...(seen.graph ?? { externalUserState: 'Accepted' }),
    ...(seen.userId === undefined ? {} : { invitedUser: { ...invitation.graph?.invitedUser, id: seen.userId } }),
    ...(seen.changedAt === undefined ? {} : { externalUserStateChangeDateTime: seen.changedAt }),
  };
  return {
    invitation: { ...closed, ...groupsToJoin(invitation), graph, acceptedAt: now },
    history: [
      entry(now, 'accepted', WORKFLOW, invitation.sends.length === 0 ? 'before anything was mailed' : undefined),
    ],
  };
}

export const fail = (invitation: Invitation, fault: Fault, now: Instant): Change => ({
  invitation: { ...close({ ...endIntent(invitation), status: 'failed' }, now), fault },
  history: [entry(now, 'refused', WORKFLOW, fault.code)],
});

/** Hands over to a person. The claim stays: a new request for the same person must not mail in the meantime. */
export const toReview = (invitation: Invitation, fault: Fault, now: Instant, policy: Policy): Change => ({
  invitation: {
    ...without(endIntent(invitation), 'nextAttemptAt', 'nextCheckAt', 'waitsFor'),
    status: 'needsReview',
    fault,
    waits: 0,
    ...nextCheck(invitation, now, policy),
  },
  history: [entry(now, 'needsReview', WORKFLOW, fault.code)],
});

/** A revoke that came while an intent was in force becomes true in the outcome's own transaction, unless that closed it. */
export function settleRevoke(change: Change, now: Instant, policy: Policy): Change {
  const { revokeRequested } = change.invitation;
  if (!revokeRequested) return change;
  const { invitation, history } = revoke(change.invitation, revokeRequested.by, now, policy);
  return { invitation, history: [...change.history, ...history] };
}

/**
 * Revoked at once. Outstanding work: the guest's removal, where the settings ask for it; a permission is always taken
 * back, because it is what was given.
 */
export const revoke = (invitation: Invitation, by: string, now: Instant, policy: Policy): Change => ({
  invitation: close(
    { ...invitation, status: 'revoked' },
    now,
    invitation.kind === 'driveItem' ? 'removeGuest' : policy.onRevoke,
  ),
  history: [entry(now, 'revoked', by)],
});

/** With the id that Graph knows the person by. */
export const withUser = (invitation: Invitation, userId: string): Pick<Invitation, 'graph'> => ({
  graph: { ...invitation.graph, invitedUser: { ...invitation.graph?.invitedUser, id: userId } },
});

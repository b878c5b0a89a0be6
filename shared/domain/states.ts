import { groupsToJoin } from './groups';
import { type Change, entry } from './history';
import { type Fault, type Invitation, type Removal, WORKFLOW } from './invitation';
import type { Policy } from './policy';
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

/** Closes: the claim is given back, nothing is planned any more but what `afterwards` asks to become of the guest. */
export function close(invitation: Invitation, now: Instant, afterwards?: 'keep' | 'removeGuest'): Invitation {
  const closed = {
    ...without(invitation, 'resendRequestedAt', 'nextAttemptAt', 'nextCheckAt', 'revokeRequested', 'removal'),
    holdsClaim: false,
    waits: 0,
    closedAt: now,
  };
  const removal = removalOf(invitation, afterwards);
  return removal ? { ...closed, removal } : closed;
}

/** Only a guest whose creation is known to be ours may be removed; without any guest there is nothing to say. */
function removalOf(invitation: Invitation, afterwards: 'keep' | 'removeGuest' | undefined): Removal | undefined {
  if (afterwards === undefined || !invitation.graph?.invitedUser) return undefined;
  if (afterwards === 'keep') return { status: 'kept', reason: 'the settings say to keep guests' };
  if (invitation.guestCreatedAfter === undefined) {
    return { status: 'kept', reason: 'the guest is not known to have been created by this invitation' };
  }
  return { status: 'due', tries: 0 };
}

/** Redeemed: whatever was planned falls away, and the groups of the request are joined. */
export function accept(invitation: Invitation, seen: { userId?: string; changedAt?: string }, now: Instant): Change {
  const closed = without(close({ ...invitation, status: 'accepted' }, now), 'lateCheckUntil', 'fault');
  const graph = {
    ...invitation.graph,
    externalUserState: 'Accepted',
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
    ...without(endIntent(invitation), 'nextAttemptAt'),
    status: 'needsReview',
    fault,
    waits: 0,
    nextCheckAt: addMs(now, policy.checkRedemptionEveryMs),
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

/** Revoked at once, with the guest's removal as outstanding work where the settings ask for it. */
export const revoke = (invitation: Invitation, by: string, now: Instant, policy: Policy): Change => ({
  invitation: close({ ...invitation, status: 'revoked' }, now, policy.onRevoke),
  history: [entry(now, 'revoked', by)],
});

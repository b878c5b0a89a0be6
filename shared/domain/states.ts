import { type Change, entry } from './history';
import { type Fault, type HistoryEvent, type Invitation, type Removal, WORKFLOW } from './invitation';
import type { Policy } from './policy';
import { type Instant, addMs } from './time';
import { transition } from './transition';

/** A copy without the named optional properties. */
export function without<K extends OptionalKeys>(invitation: Invitation, ...names: K[]): Invitation {
  return Object.fromEntries(
    Object.entries(invitation).filter(([name]) => !(names as string[]).includes(name)),
  ) as unknown as Invitation;
}

type OptionalKeys = {
  [K in keyof Invitation]-?: undefined extends Invitation[K] ? K : never;
}[keyof Invitation];

export const endIntent = (invitation: Invitation): Invitation => without(invitation, 'intent');

/** Closes: the claim is given back, nothing is planned any more but what `afterwards` asks for. */
export function close(invitation: Invitation, now: Instant, afterwards: 'keep' | 'removeGuest' = 'keep'): Invitation {
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
function removalOf(invitation: Invitation, afterwards: 'keep' | 'removeGuest'): Removal | undefined {
  if (!invitation.graph?.invitedUser) return undefined;
  if (afterwards === 'keep') return { status: 'kept', reason: 'the settings say to keep guests' };
  if (invitation.guestCreatedAfter === undefined) {
    return { status: 'kept', reason: 'the guest is not known to have been created by this invitation' };
  }
  return { status: 'due', tries: 0 };
}

/** Redeemed: whatever was planned falls away. Undefined where the status does not allow it. */
export function accept(
  invitation: Invitation,
  seen: { userId?: string; changedAt?: string },
  now: Instant,
): Change | undefined {
  const status = transition(invitation.status, 'redeemed');
  if (!status) return undefined;
  const closed = without(close({ ...endIntent(invitation), status }, now), 'removal', 'lateCheckUntil', 'fault');
  const graph = {
    ...invitation.graph,
    externalUserState: 'Accepted',
    ...(seen.userId === undefined ? {} : { invitedUser: { ...invitation.graph?.invitedUser, id: seen.userId } }),
    ...(seen.changedAt === undefined ? {} : { externalUserStateChangeDateTime: seen.changedAt }),
  };
  return {
    invitation: { ...closed, graph, acceptedAt: now },
    history: [
      entry(now, 'accepted', WORKFLOW, invitation.sends.length === 0 ? 'before anything was mailed' : undefined),
    ],
  };
}

export function fail(invitation: Invitation, fault: Fault, what: HistoryEvent, now: Instant): Change {
  const status = transition(invitation.status, 'refused') ?? invitation.status;
  return {
    invitation: { ...close({ ...invitation, status }, now), fault },
    history: [entry(now, what, WORKFLOW, fault.code)],
  };
}

/** Hands over to a person. The claim stays: a new request for the same person must not mail in the meantime. */
export function toReview(invitation: Invitation, fault: Fault, now: Instant, policy: Policy): Change {
  const status = transition(invitation.status, 'unclear') ?? invitation.status;
  return {
    invitation: {
      ...without(endIntent(invitation), 'nextAttemptAt'),
      status,
      fault,
      waits: 0,
      nextCheckAt: addMs(now, policy.checkRedemptionEveryMs),
    },
    history: [entry(now, 'needsReview', WORKFLOW, fault.code)],
  };
}

/** A revoke that came while an intent was in force becomes true in the outcome's own transaction. */
export function settleRevoke(change: Change, now: Instant, policy: Policy): Change {
  const { revokeRequested } = change.invitation;
  if (!revokeRequested) return change;
  const revoked = revoke(change.invitation, revokeRequested.by, now, policy);
  return revoked ? { ...revoked, history: [...change.history, ...revoked.history] } : change;
}

/** Revoked at once, with the guest's removal as outstanding work where the settings ask for it. */
export function revoke(invitation: Invitation, by: string, now: Instant, policy: Policy): Change | undefined {
  const status = transition(invitation.status, 'revoke');
  if (!status) return undefined;
  return {
    invitation: close({ ...invitation, status }, now, policy.onRevoke),
    history: [entry(now, 'revoked', by)],
  };
}

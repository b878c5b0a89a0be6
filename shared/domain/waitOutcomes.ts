import { type Change, entry } from './history';
import { type Fault, type Invitation, WORKFLOW } from './invitation';
import { wakeUpOf } from './nextStep';
import type { Outcome } from './outcome';
import type { Policy } from './policy';
import { fail, withUser, without } from './states';
import { type Instant, later } from './time';
import { transition } from './transition';

/** The wait for a date or for a guest is over: the mail goes out when the gate lets it. */
export function enqueued(
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

/** A share with somebody who is not in the directory waits until their guest invitation is out. */
export function waitsForGuest(invitation: Invitation, invitationId: string, now: Instant): Change | undefined {
  const status = transition(invitation.status, 'putOff');
  if (!status || invitation.intent) return undefined;
  return {
    invitation: { ...without(invitation, 'nextAttemptAt'), status, waits: 0, waitsFor: invitationId },
    history: [entry(now, 'waitsForGuest', WORKFLOW, invitationId)],
  };
}

/** Nobody is there to share with: the guest that was waited for can't be had. */
export const guestMissing = (invitation: Invitation, fault: Fault, now: Instant): Change | undefined =>
  invitation.intent || !transition(invitation.status, 'refused') ? undefined : fail(invitation, fault, now);

/** Not now: for want of a token, or because Graph or something else was away. */
export function postponed(
  invitation: Invitation,
  outcome: Extract<Outcome, { type: 'postponed' }>,
  now: Instant,
  policy: Policy,
): Change | undefined {
  if (!wakeUpOf(invitation, now, policy)) return undefined;
  return {
    invitation: {
      ...invitation,
      // Two looks at a time may each have to wait: the one that is told last knows nothing of what Graph asked of the other.
      nextAttemptAt: later(outcome.until, invitation.nextAttemptAt),
      waits: outcome.waited ? invitation.waits + 1 : invitation.waits,
    },
    // Waiting for a token is the normal way of a big batch: not worth a line of history.
    history: outcome.waited ? [entry(now, 'postponed', WORKFLOW, outcome.reason)] : [],
  };
}

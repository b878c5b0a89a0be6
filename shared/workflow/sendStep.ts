import { randomUUID } from 'node:crypto';
import { backOffMs } from '../domain/backOff';
import type { Invitation, SendIntent } from '../domain/invitation';
import type { SendStep } from '../domain/nextStep';
import type { Outcome } from '../domain/outcome';
import { type Instant, addMs } from '../domain/time';
import type { GraphFault } from '../graph/faults';
import { type Found, type Guest, type GuestState, personBefore } from '../graph/guest';
import type { StoredInvitation } from '../tables/invitationEntity';
import { TablesUnavailableError } from '../tables/tablesError';
import { type AdvanceParts, beginIntent } from './intent';

/** How long everybody leaves Graph alone after it refused the whole tenant. */
const TENANT_FAULT_MS = 60_000;

/** What a step came to; `outcome` undefined when somebody else is at it. */
export interface StepDone {
  stored: StoredInvitation;
  outcome: Outcome | undefined;
  /** What can wait until the outcome is written, and may be lost. */
  afterwards?: () => Promise<void>;
}

/** Sends one mail: look the person up → token → intent → Graph. */
export async function sendStep(stored: StoredInvitation, step: SendStep, parts: AdvanceParts): Promise<StepDone> {
  const { invitation } = stored;
  const lookedAt = parts.now();
  const seen = await findPerson(invitation, parts);
  if (seen.type !== 'found') return { stored, outcome: await postponedBy(seen, invitation, parts, lookedAt) };
  const known = fromLookUp(invitation, step, seen.guest);
  if (known) return { stored, outcome: known };

  const token = await parts.gate.take(step.cause === 'reminder' ? 1 : 0);
  if (!token.ok) {
    return { stored, outcome: { type: 'postponed', until: token.until, reason: 'gate', waited: false } };
  }
  const intent = intentOf(step, seen);
  const begun = await beginIntent(stored, intent, step, parts);
  if (begun.type === 'notBegun') return { stored: begun.stored, outcome: begun.outcome };

  const { attemptId } = intent;
  const beganAt = parts.now();
  const answer = await parts.guest.send(invitation.request, step.cause === 'first', {
    attemptId,
    mayStillCall: begun.mayStillCall,
  });
  if (answer.type !== 'sent')
    return { stored: begun.stored, outcome: await unsent(answer, attemptId, invitation, parts, beganAt) };
  return {
    stored: begun.stored,
    outcome: { type: 'sent', attemptId, graph: answer.graph },
    afterwards: () => parts.gate.answered(beganAt, answer.throttlePercentage),
  };
}

/** By id where we know it: an address may have been changed since. */
export function findPerson(
  invitation: Invitation,
  { guest }: { guest: Pick<Guest, 'findById' | 'findByAddress'> },
): Promise<Found> {
  const userId = invitation.graph?.invitedUser?.id ?? invitation.request.invitedUser?.id;
  return userId === undefined
    ? guest.findByAddress(invitation.request.invitedUserEmailAddress)
    : guest.findById(userId);
}

/** Whether the look-up already tells what becomes of the step, without any mail. */
function fromLookUp(invitation: Invitation, step: SendStep, guest: GuestState | undefined): Outcome | undefined {
  const isReset = invitation.request.resetRedemption && step.cause === 'first';
  if (guest?.externalUserState === 'Accepted' && guest.userType === 'Guest' && !isReset) return redeemedBy(guest);
  if (step.cause !== 'reminder' || guest?.externalUserState === 'PendingAcceptance') return undefined;
  const state = guest ? guest.externalUserState : 'notFound';
  return { type: 'reminderSkipped', reminderIndex: step.reminderIndex ?? invitation.remindersDone, state };
}

export const redeemedBy = (guest: GuestState): Outcome => ({
  type: 'redeemed',
  userId: guest.userId,
  ...(guest.externalUserStateChangeDateTime === undefined ? {} : { changedAt: guest.externalUserStateChangeDateTime }),
});

function intentOf(step: SendStep, seen: Found & { type: 'found' }): Omit<SendIntent, 'startedAt' | 'leaseEndsAt'> {
  return {
    purpose: 'send',
    attemptId: randomUUID(),
    number: step.number,
    cause: step.cause,
    ...(step.reminderIndex === undefined ? {} : { reminderIndex: step.reminderIndex }),
    ...(step.cause === 'first' ? { before: personBefore(seen.guest) } : {}),
    ...(step.cause === 'first' && seen.graphNow !== undefined ? { graphNow: seen.graphNow } : {}),
  };
}

async function unsent(
  fault: GraphFault,
  attemptId: string,
  invitation: Invitation,
  parts: AdvanceParts,
  beganAt: Instant,
): Promise<Outcome> {
  if (fault.type === 'refused') return { type: 'refused', attemptId, fault: fault.fault };
  if (fault.type === 'unknown') return { type: 'unknown', attemptId, fault: fault.fault };
  return { type: 'notSent', attemptId, fault: fault.fault, retryAt: await retryAt(fault, invitation, parts, beganAt) };
}

/** A look-up that failed: nothing was begun, so the invitation waits, however often that takes. */
export async function postponedBy(
  fault: GraphFault,
  invitation: Invitation,
  parts: AdvanceParts,
  beganAt: Instant,
): Promise<Outcome> {
  const until = await retryAt(fault, invitation, parts, beganAt);
  return { type: 'postponed', until, reason: fault.fault.code, waited: true };
}

/**
 * When to ask Graph again; closes the gate where the fault is everybody's. Never throws: with Tables away the invitation
 * waits by its own back-off, because what Graph answered must not be lost over a pace.
 */
export async function retryAt(
  fault: GraphFault,
  invitation: Invitation,
  parts: AdvanceParts,
  beganAt: Instant,
): Promise<Instant> {
  const { gate, now } = parts;
  const ownWait = addMs(
    now(),
    fault.type === 'later' && fault.retryAfterMs !== undefined ? fault.retryAfterMs : backOffMs(invitation.waits),
  );
  try {
    if (fault.type === 'throttled') {
      await gate.refused({ beganAt, retryAfterMs: fault.retryAfterMs, why: fault.fault.code });
    } else if (fault.type === 'tenant') {
      await gate.close(addMs(now(), TENANT_FAULT_MS), fault.fault.code);
    } else {
      return ownWait;
    }
    return await gate.estimate();
  } catch (error) {
    if (error instanceof TablesUnavailableError) return ownWait;
    throw error;
  }
}

import { randomUUID } from 'node:crypto';
import { backOffMs } from '../domain/backOff';
import type { Invitation, SendIntent } from '../domain/invitation';
import type { SendStep } from '../domain/nextStep';
import type { Outcome } from '../domain/outcome';
import { limitOf } from '../domain/request';
import { type Instant, addMs } from '../domain/time';
import type { GraphFault } from '../graph/faults';
import type { StoredInvitation } from '../tables/invitationEntity';
import { TablesUnavailableError } from '../tables/tablesError';
import { type AdvanceParts, beginIntent } from './intent';
import type { LookedUp, SendAnswer } from './kinds/kindVerbs';

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
  const gate = parts.gates[limitOf(invitation.request)];
  const shutUntil = await gate.shutUntil();
  if (shutUntil !== undefined) return { stored, outcome: heldBack(shutUntil) };
  const seen = await parts.kinds[invitation.kind].lookUp(stored, step);
  if (seen.type === 'settled') return { stored, outcome: seen.outcome };
  if (seen.type !== 'ready') return { stored, outcome: await postponedBy(seen, invitation, parts) };

  const token = await gate.take(step.cause === 'reminder' ? 1 : 0);
  if (!token.ok) return { stored, outcome: heldBack(token.until) };
  const intent = intentOf(step, seen);
  const begun = await beginIntent(stored, intent, step, parts);
  if (begun.type === 'notBegun') {
    gate.giveBack();
    return { stored: begun.stored, outcome: begun.outcome };
  }

  const { attemptId } = intent;
  const beganAt = parts.now();
  const answer = await seen.send({ attemptId, mayStillCall: begun.mayStillCall });
  return {
    stored: begun.stored,
    outcome: await outcomeOf(answer, attemptId, invitation, parts, beganAt),
    ...(answer.type === 'sent' ? { afterwards: () => gate.answered(beganAt, answer.throttlePercentage) } : {}),
  };
}

export const heldBack = (until: Instant): Outcome => ({ type: 'postponed', until, reason: 'gate', waited: false });

const intentOf = (
  step: SendStep,
  { before, graphNow }: Extract<LookedUp, { type: 'ready' }>,
): Omit<SendIntent, 'startedAt' | 'leaseEndsAt'> => ({
  purpose: 'send',
  attemptId: randomUUID(),
  number: step.number,
  cause: step.cause,
  ...(step.reminderIndex === undefined ? {} : { reminderIndex: step.reminderIndex }),
  ...(before ? { before } : {}),
  ...(graphNow === undefined ? {} : { graphNow }),
});

async function outcomeOf(
  answer: SendAnswer,
  attemptId: string,
  invitation: Invitation,
  parts: AdvanceParts,
  beganAt: Instant,
): Promise<Outcome> {
  switch (answer.type) {
    case 'sent': {
      const { graph, isRedeemed } = answer;
      return { type: 'sent', attemptId, graph, ...(isRedeemed ? { isRedeemed } : {}) };
    }
    case 'unmailed': {
      const retry = addMs(parts.now(), backOffMs(invitation.unmailedTries ?? 0));
      return { type: 'unmailed', attemptId, graph: answer.graph, fault: answer.fault, retryAt: retry };
    }
    case 'refused':
    case 'unknown':
      return { type: answer.type, attemptId, fault: answer.fault };
    case 'throttled':
    case 'tenant':
    case 'later': {
      const at = await retryAt(answer, invitation, parts, beganAt);
      return { type: 'notSent', attemptId, fault: answer.fault, retryAt: at };
    }
  }
}

/**
 * A call that failed before anything was begun: the invitation waits, however often that takes. `beganAt`: when the call
 * began, if it took a token.
 */
export async function postponedBy(
  fault: GraphFault,
  invitation: Invitation,
  parts: AdvanceParts,
  beganAt?: Instant,
): Promise<Outcome> {
  const until = await retryAt(fault, invitation, parts, beganAt);
  return { type: 'postponed', until, reason: fault.fault.code, waited: true };
}

/**
 * When to ask Graph again; closes the gate where the fault is everybody's. A call that took no token is limited by
 * something else: while that lasts no invitation gets further, but it tells nothing of the gate's own pace. Never throws:
 * with Tables away the invitation waits by its own back-off, because what Graph answered must not be lost over a pace.
 */
export async function retryAt(
  fault: GraphFault,
  invitation: Invitation,
  { gates, now }: Pick<AdvanceParts, 'gates' | 'now'>,
  beganAt?: Instant,
): Promise<Instant> {
  const gate = gates[limitOf(invitation.request)];
  const { code } = fault.fault;
  const named = fault.type === 'later' || fault.type === 'throttled' ? fault.retryAfterMs : undefined;
  const ownWait = addMs(now(), named ?? backOffMs(invitation.waits));
  try {
    if (fault.type === 'tenant') await gate.close(addMs(now(), TENANT_FAULT_MS), code);
    else if (fault.type !== 'throttled') return ownWait;
    else if (beganAt === undefined) await gate.pause(ownWait, code);
    else await gate.refused({ beganAt, retryAfterMs: fault.retryAfterMs, why: code });
    return await gate.retryPlace(now());
  } catch (error) {
    if (error instanceof TablesUnavailableError) return ownWait;
    throw error;
  }
}

import { randomUUID } from 'node:crypto';
import { applyOutcome } from '../domain/applyOutcome';
import type { Status } from '../domain/invitation';
import { type Step, nextStep } from '../domain/nextStep';
import type { Outcome } from '../domain/outcome';
import { type Instant, toMs } from '../domain/time';
import { apart } from '../telemetry/invocation';
import type { StoredInvitation } from '../tables/invitationEntity';
import { TablesUnavailableError } from '../tables/tablesError';
import type { AdvanceParts } from './intent';
import { awaitGuestStep } from './awaitGuest';
import { joinGroupStep } from './joinGroup';
import { checkStep, enqueueStep, expireStep, removeStep, resolveStep } from './otherSteps';
import { revokeReplacedStep } from './revokeReplaced';
import { inLook } from './lookSpan';
import { sendHintFor } from './sendHint';
import { type StepDone, sendStep } from './sendStep';
import { updateStep } from './updateStep';

/** What a look at an invitation came to, for the log. */
export interface Advanced {
  type: 'advanced' | 'nothingDue' | 'notFound';
  steps: { step: Step['type']; outcome: Outcome['type'] | 'left' }[];
  status?: Status;
}

/** A look does a few steps at most (enqueue, then send); whatever is left has a wake-up. */
const MOST_STEPS = 4;

/**
 * Does what is due for one invitation: read → nextStep → effect → one transaction, and again while something is due.
 * A hint that is early or doubled does nothing; a hint that is early is replaced by one for the right time, for which
 * `enqueuedAt` tells what the broker's clock says.
 * Throws `TablesUnavailableError`; the wake-up stands, so nothing is lost.
 */
export function makeAdvanceInvitation(parts: AdvanceParts) {
  return async (id: string, hintedWakeUp?: string, enqueuedAt?: Instant): Promise<Advanced> => {
    const stored = await parts.invitations.read(id);
    if (!stored) return { type: 'notFound', steps: [] };
    return inLook(stored.invitation, async (span) => {
      const advanced = await look(stored, hintedWakeUp, enqueuedAt);
      const done = advanced.steps.map(({ step, outcome }) => `${step} → ${outcome}`);
      span.set({ 'invitation.steps': done, 'invitation.status': advanced.status });
      return advanced;
    });
  };

  async function look(read: StoredInvitation, hintedWakeUp?: string, enqueuedAt?: Instant): Promise<Advanced> {
    let stored = read;
    const aheadMs = brokerAheadMs(enqueuedAt, parts.now());
    const steps: Advanced['steps'] = [];
    const before = stored.wakeUp;
    while (steps.length < MOST_STEPS) {
      const step = nextStep(stored.invitation, parts.now(), parts.policy);
      if (step.type === 'none') break;
      const done = await doStep(stored, step, parts);
      steps.push({ step: step.type, outcome: done.outcome?.type ?? 'left' });
      stored = done.stored;
      if (!done.outcome) break;
      const settled = await settle(stored, done.outcome, parts);
      if (!settled) break;
      stored = settled;
      await done.afterwards?.();
      // Its turn comes with another hint: who has waited for the gate holds no message for a second wait.
      if (done.outcome.type === 'postponed') break;
    }
    // A hint whose wake-up has moved since is stale: who moved it sent a new one.
    const isStale = steps.length === 0 && hintedWakeUp !== undefined && hintedWakeUp !== before;
    const { sends, status } = stored.invitation;
    const hint = () => sendHintFor(stored, parts, `copy-${randomUUID()}`, aheadMs);
    // What comes after the first mail is no part of the request's trace, however soon it is.
    if (!isStale) await (sends.length > 0 ? apart(hint) : hint());
    return { type: steps.length > 0 ? 'advanced' : 'nothingDue', steps, status };
  }
}

/**
 * How far the broker's clock is ahead of the tables', at the least: a message can't have been enqueued later than now.
 * Unless its copy is put off by that, an early hint goes round until the time has come.
 */
const brokerAheadMs = (enqueuedAt: Instant | undefined, now: Instant): number =>
  enqueuedAt === undefined ? 0 : Math.max(0, toMs(enqueuedAt) - toMs(now));

/** Waits between tries to write an outcome: what Graph answered is known only here, so it is worth half a minute. */
const OUTCOME_WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000];

async function settle(
  stored: StoredInvitation,
  outcome: Outcome,
  parts: AdvanceParts,
): Promise<StoredInvitation | undefined> {
  for (const waitMs of OUTCOME_WAITS_MS) {
    try {
      return await writeOutcome(stored, outcome, parts);
    } catch (error) {
      if (!(error instanceof TablesUnavailableError)) throw error;
      await parts.sleep(waitMs);
    }
  }
  return writeOutcome(stored, outcome, parts);
}

/**
 * One transaction for what a step came to, after the user that it names was linked. Undefined where the outcome means
 * nothing any more.
 */
async function writeOutcome(
  stored: StoredInvitation,
  outcome: Outcome,
  { invitations, invitedUsers, policy }: AdvanceParts,
): Promise<StoredInvitation | undefined> {
  const { id, graph } = stored.invitation;
  const userId = userNamedBy(outcome, graph?.invitedUser?.id);
  if (userId !== undefined) await invitedUsers.link(userId, id);
  const result = await invitations.change(id, (invitation, now) => applyOutcome(invitation, outcome, now, policy), {
    from: stored,
  });
  return result.type === 'changed' ? result.stored : undefined;
}

/** What only reads the user again, look by look, names one that is linked already. */
function userNamedBy(outcome: Outcome, known: string | undefined): string | undefined {
  const read = outcome.type === 'notRedeemed' ? outcome : outcome.type === 'enqueued' ? outcome.guest : undefined;
  if (read) return read.userId === known ? undefined : read.userId;
  if (outcome.type === 'sent' || outcome.type === 'unmailed') return outcome.graph.invitedUser?.id;
  if (outcome.type !== 'resolved') return undefined;
  const { verdict } = outcome;
  if (verdict.found === 'sent' || verdict.found === 'shared') return verdict.graph.invitedUser?.id;
  return verdict.found === 'unclear' ? verdict.userId : undefined;
}

function doStep(
  stored: StoredInvitation,
  step: Exclude<Step, { type: 'none' }>,
  parts: AdvanceParts,
): Promise<StepDone> {
  switch (step.type) {
    case 'send':
      return sendStep(stored, step, parts);
    case 'resolve':
      return resolveStep(stored, step.intent, parts);
    case 'enqueue':
      return enqueueStep(stored, parts);
    case 'awaitGuest':
      return awaitGuestStep(stored, step.invitationId, parts);
    case 'revokeReplaced':
      return revokeReplacedStep(stored, step.replacedId, parts);
    case 'update':
      return updateStep(stored, step.requestedAt, parts);
    case 'checkRedemption':
      return checkStep(stored, parts);
    case 'expire':
      return expireStep(stored, parts);
    case 'removeGuest':
      return removeStep(stored, parts);
    case 'rejectOverdue':
      return Promise.resolve({ stored, outcome: { type: 'approvalExpired' } });
    case 'erase':
      return Promise.resolve({ stored, outcome: { type: 'erased' } });
    case 'joinGroup':
      return joinGroupStep(stored, step, parts);
  }
}

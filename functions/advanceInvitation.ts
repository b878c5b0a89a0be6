import { randomUUID } from 'node:crypto';
import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { phaseOf } from '../shared/domain/invitation';
import { type Instant, addMs, toInstant } from '../shared/domain/time';
import { MisconfiguredError } from '../shared/misconfiguredError';
import { type ReadHint, fromMessage } from '../shared/queue/hints';
import { messageName } from '../shared/queue/messageName';
import { TablesUnavailableError } from '../shared/tables/tablesError';
import { functionRun } from '../shared/telemetry/functionRun';
import { logEvent } from '../shared/telemetry/log';
import { DEFAULT_QUEUE } from '../shared/triggerDefaults';
import type { Advanced } from '../shared/workflow/advanceInvitation';

/**
 * Looks at the invitation that a hint names and does what is due. The message is always completed: what is left to do
 * has its wake-up, so throwing would only burn delivery counts.
 */
async function advanceInvitation(message: unknown, context: InvocationContext): Promise<void> {
  const hint = fromMessage(message);
  if (!hint.ok) {
    logEvent('messageUnreadable', `Unreadable hint, ${messageName(context)}: ${hint.excerpt}. Completed.`);
    return;
  }
  await advance(hint, context);
}

async function advance({ id, wakeUp }: ReadHint & { ok: true }, context: InvocationContext): Promise<void> {
  try {
    const { advanceInvitation: look } = await services();
    const startedAt = performance.now();
    const advanced = await look(id, wakeUp, enqueuedAtOf(context));
    logLook(id, advanced, Math.round(performance.now() - startedAt));
  } catch (error) {
    if (error instanceof MisconfiguredError) {
      logEvent('misconfigured', `Invitation ${id}: ${error.message}`, { invitationId: id });
      return;
    }
    if (!(error instanceof TablesUnavailableError)) throw error;
    const message = `Invitation ${id}: ${error.message}. Looked at again in ${LOOK_AGAIN_MS / 1000} s.`;
    logEvent('unavailable', message, { invitationId: id, errorCode: error.code });
    await lookAgain(id, wakeUp);
  }
}

function logLook(id: string, { type, steps, status }: Advanced, ms: number): void {
  const fields = { invitationId: id, status };
  if (type === 'notFound')
    logEvent('invitationUnknown', `Hint for unknown invitation ${id}. Completed.`, { invitationId: id });
  if (type === 'nothingDue' && status !== undefined && phaseOf(status) === 'closed') {
    logEvent('nothingDue', `Hint for invitation ${id}, which is ${status}: nothing is due. Completed.`, fields);
  }
  if (type === 'advanced') {
    const done = steps.map(({ step, outcome }) => `${step} → ${outcome}`).join(', ');
    logEvent('lookedAt', `Invitation ${id}: ${done}; now ${String(status)}`, { ...fields, ms });
  }
}

/** By the broker's clock; undefined where the host does not tell. */
function enqueuedAtOf({ triggerMetadata }: InvocationContext): Instant | undefined {
  const ms = Date.parse(String(triggerMetadata?.['enqueuedTimeUtc']));
  return Number.isNaN(ms) ? undefined : toInstant(ms);
}

/** The wake-up stands, but may be a tick away or unreadable for a while: a delayed copy is sooner. Best effort. */
async function lookAgain(id: string, wakeUp: string | undefined): Promise<void> {
  const opened = await services().catch(() => undefined);
  if (!opened || wakeUp === undefined) return;
  const now = opened.invitations.now();
  await opened.hints.send([{ id, wakeUp, at: addMs(now, LOOK_AGAIN_MS) }], `copy-${randomUUID()}`, now);
}

const LOOK_AGAIN_MS = 15_000;

app.serviceBusQueue('advanceInvitation', {
  connection: 'ServiceBusConnection',
  queueName: process.env['INVITATIONS_QUEUE'] ?? DEFAULT_QUEUE,
  handler: functionRun(advanceInvitation),
});

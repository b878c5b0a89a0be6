import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { ENDED_WORKERS, cameTo } from '../shared/domain/webhookEvent';
import { messageName } from '../shared/queue/messageName';
import { fromWebhookMessage } from '../shared/queue/webhookHints';
import { functionRun } from '../shared/telemetry/functionRun';
import { logEvent } from '../shared/telemetry/log';
import { DEFAULT_WEBHOOKS_QUEUE } from '../shared/triggerDefaults';

/**
 * Takes what ended its worker ten times from the dead-letter queue: the event is kept for a person. Never throws: one that
 * can't be recorded now comes back by its wake-up, and then here.
 */
async function recordWebhookDeadLetter(message: unknown, context: InvocationContext): Promise<void> {
  const hint = fromWebhookMessage(message);
  if (!hint) {
    logEvent('deadLettered', `Dead letter, ${messageName(context)}: unreadable.`, { errorCode: 'unreadable' });
    return;
  }
  const { source } = hint;
  logEvent('deadLettered', `Dead letter, ${messageName(context)}: event ${hint.key} of source ${source}.`, { source });
  try {
    const { webhooks } = await services();
    const event = await webhooks.keptEvents.keep(hint);
    if (cameTo(ENDED_WORKERS, event) !== 'givenUp') return;
    const message = `Webhook event kept: event ${hint.key} of source ${source}: ${ENDED_WORKERS.outcome}`;
    logEvent('webhookGivenUp', message, { source });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logEvent('deadLettered', `Dead letter not recorded: ${reason}`, { source, errorCode: 'notRecorded' });
  }
}

app.serviceBusQueue('recordWebhookDeadLetter', {
  connection: 'ServiceBusConnection',
  queueName: `${process.env['WEBHOOKS_QUEUE'] ?? DEFAULT_WEBHOOKS_QUEUE}/$DeadLetterQueue`,
  handler: functionRun(recordWebhookDeadLetter),
});

import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { messageName } from '../shared/queue/messageName';
import { fromWebhookMessage } from '../shared/queue/webhookHints';
import { DEFAULT_WEBHOOKS_QUEUE } from '../shared/triggerDefaults';

/**
 * Takes what ended its worker ten times from the dead-letter queue: the event is kept for a person. Never throws: one that
 * can't be recorded now comes back by its wake-up, and then here.
 */
async function recordWebhookDeadLetter(message: unknown, context: InvocationContext): Promise<void> {
  const hint = fromWebhookMessage(message);
  if (!hint) {
    context.error(`Dead letter, ${messageName(context)}: unreadable.`);
    return;
  }
  try {
    const { webhooks } = await services();
    const event = await webhooks.keptEvents.keep(hint);
    if (event?.status !== 'kept') return;
    context.error(`Webhook event kept: event ${hint.key} of source ${hint.source}: ${event.outcome}`);
  } catch (error) {
    context.error(`Dead letter not recorded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

app.serviceBusQueue('recordWebhookDeadLetter', {
  connection: 'ServiceBusConnection',
  queueName: `${process.env['WEBHOOKS_QUEUE'] ?? DEFAULT_WEBHOOKS_QUEUE}/$DeadLetterQueue`,
  handler: recordWebhookDeadLetter,
});

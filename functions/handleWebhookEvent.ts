import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { MisconfiguredError } from '../shared/misconfiguredError';
import { messageName } from '../shared/queue/messageName';
import { type WebhookHint, fromWebhookMessage } from '../shared/queue/webhookHints';
import { TablesUnavailableError } from '../shared/tables/tablesError';
import { DEFAULT_WEBHOOKS_QUEUE } from '../shared/triggerDefaults';
import type { Handled } from '../shared/workflow/webhooks/handleWebhookEvent';

/**
 * Does what is due for the webhook event that a hint names. The message is completed for whatever is known to happen: the
 * event has its wake-up. What is unknown is thrown on, and the tenth time the event is kept (`recordWebhookDeadLetter`).
 */
async function handleWebhookEvent(message: unknown, context: InvocationContext): Promise<void> {
  const hint = fromWebhookMessage(message);
  if (!hint) {
    context.warn(`Unreadable hint at a webhook event, ${messageName(context)}. Completed.`);
    return;
  }
  try {
    const { webhooks } = await services();
    log(hint, await webhooks.handleWebhookEvent(hint), context);
  } catch (error) {
    if (!(error instanceof TablesUnavailableError) && !(error instanceof MisconfiguredError)) throw error;
    context.error(`${nameOf(hint)}: ${error.message} It is looked at again within minutes.`);
  }
}

/** "Webhook event kept" is what alerts look for (docs/sources.md). */
function log(hint: WebhookHint, handled: Handled, context: InvocationContext): void {
  if (handled.type !== 'tried') return;
  const { tried, event } = handled;
  if (event?.status === 'kept') context.error(`Webhook event kept: ${nameOf(hint)}: ${tried.outcome}`);
  else if (tried.type === 'again')
    context.warn(`${nameOf(hint)}: ${tried.outcome} Next try at ${event?.dueAt ?? '?'}.`);
  else context.log(`${nameOf(hint)}: ${tried.outcome}`);
}

const nameOf = ({ source, key }: WebhookHint): string => `event ${key} of source ${source}`;

app.serviceBusQueue('handleWebhookEvent', {
  connection: 'ServiceBusConnection',
  queueName: process.env['WEBHOOKS_QUEUE'] ?? DEFAULT_WEBHOOKS_QUEUE,
  handler: handleWebhookEvent,
});

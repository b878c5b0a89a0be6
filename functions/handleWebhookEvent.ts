import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { cameTo } from '../shared/domain/webhookEvent';
import { MisconfiguredError } from '../shared/misconfiguredError';
import { messageName } from '../shared/queue/messageName';
import { type WebhookHint, fromWebhookMessage } from '../shared/queue/webhookHints';
import { TablesUnavailableError } from '../shared/tables/tablesError';
import { functionRun } from '../shared/telemetry/functionRun';
import { logEvent } from '../shared/telemetry/log';
import { DEFAULT_WEBHOOKS_QUEUE } from '../shared/triggerDefaults';
import type { Handled } from '../shared/workflow/webhooks/handleWebhookEvent';

/**
 * Does what is due for the webhook event that a hint names. The message is completed for whatever is known to happen: the
 * event has its wake-up. What is unknown is thrown on, and the tenth time the event is kept (`recordWebhookDeadLetter`).
 */
async function handleWebhookEvent(message: unknown, context: InvocationContext): Promise<void> {
  const hint = fromWebhookMessage(message);
  if (!hint) {
    logEvent('messageUnreadable', `Unreadable hint at a webhook event, ${messageName(context)}. Completed.`);
    return;
  }
  try {
    const { webhooks } = await services();
    log(hint, await webhooks.handleWebhookEvent(hint));
  } catch (error) {
    const isUnavailable = error instanceof TablesUnavailableError;
    if (!isUnavailable && !(error instanceof MisconfiguredError)) throw error;
    const message = `${nameOf(hint)}: ${error.message} It is looked at again within minutes.`;
    logEvent(isUnavailable ? 'unavailable' : 'misconfigured', message);
  }
}

/** `mappingFailed` and `webhookGivenUp` are what alerts look for: an event is kept for a person (docs/sources.md). */
function log(hint: WebhookHint, handled: Handled): void {
  if (handled.type !== 'tried') return;
  const { tried, event } = handled;
  const { source } = hint;
  const message = `${nameOf(hint)}: ${tried.outcome}`;
  switch (cameTo(tried, event)) {
    case 'done':
      logEvent('webhookDone', message, { source });
      break;
    case 'putOff':
      logEvent('webhookPutOff', `${message} Next try at ${event?.dueAt ?? '?'}.`, { source });
      break;
    case 'mappingFailed':
      logEvent('mappingFailed', `Webhook event kept: ${message}`, { source });
      break;
    case 'givenUp':
      logEvent('webhookGivenUp', `Webhook event kept: ${message}`, { source });
      break;
    case 'overtaken':
      break;
  }
}

const nameOf = ({ source, key }: WebhookHint): string => `event ${key} of source ${source}`;

app.serviceBusQueue('handleWebhookEvent', {
  connection: 'ServiceBusConnection',
  queueName: process.env['WEBHOOKS_QUEUE'] ?? DEFAULT_WEBHOOKS_QUEUE,
  handler: functionRun(handleWebhookEvent),
});

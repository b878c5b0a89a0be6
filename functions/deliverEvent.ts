import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { MisconfiguredError } from '../shared/misconfiguredError';
import { fromEventMessage } from '../shared/queue/eventHints';
import { messageName } from '../shared/queue/messageName';
import { TablesUnavailableError } from '../shared/tables/tablesError';
import { functionRun } from '../shared/telemetry/functionRun';
import { logEvent } from '../shared/telemetry/log';
import { DEFAULT_EVENTS_QUEUE } from '../shared/triggerDefaults';
import type { Delivered } from '../shared/workflow/deliverEvent';

/**
 * Makes one attempt to post the event that a hint names. The message is always completed: an event that is not delivered
 * stands in its table, and `wakeEvents` finds it.
 */
async function deliverEvent(message: unknown, context: InvocationContext): Promise<void> {
  const key = fromEventMessage(message) ?? '';
  try {
    const { deliverEvent: deliver } = await services();
    log(await deliver(key), context);
  } catch (error) {
    const isUnavailable = error instanceof TablesUnavailableError;
    if (!isUnavailable && !(error instanceof MisconfiguredError)) throw error;
    const message = `${messageName(context)}, an event: ${error.message}. A later tick hints at it again.`;
    logEvent(isUnavailable ? 'unavailable' : 'misconfigured', message);
  }
}

function log(delivered: Delivered, context: InvocationContext): void {
  if (delivered.type === 'unreadable') {
    logEvent('messageUnreadable', `Unreadable hint at an event, ${messageName(context)}. Completed.`);
    return;
  }
  if (!('event' in delivered)) return;
  const { type, event } = delivered;
  const { invitationId, subscriptionId, attempts } = event;
  const fields = { invitationId, subscriptionId };
  const what = `Event ${event.sequence} of invitation ${invitationId} to subscription ${subscriptionId}`;
  switch (type) {
    case 'delivered':
      logEvent('eventDelivered', `${what}: delivered, attempt ${attempts}.`, fields);
      break;
    case 'dropped':
      logEvent('eventDropped', `${what}: dropped, nobody wants it any more.`, fields);
      break;
    case 'subscriptionGone':
      logEvent('subscriptionGone', `${what}: answered 410, so the subscription is gone.`, fields);
      break;
    case 'leftAlone':
      break;
    case 'putOff': {
      const { reason, until } = delivered;
      logEvent('eventPutOff', `${what}: attempt ${attempts} failed (${reason}); next at ${until}.`, fields);
      break;
    }
    case 'gaveUp': {
      const disabled = delivered.isDisabled ? ' The subscription is disabled.' : '';
      const message = `${what}: given up after ${attempts} attempts (${delivered.reason}).${disabled}`;
      logEvent('eventGivenUp', message, fields);
      break;
    }
  }
}

app.serviceBusQueue('deliverEvent', {
  connection: 'ServiceBusConnection',
  queueName: process.env['EVENTS_QUEUE'] ?? DEFAULT_EVENTS_QUEUE,
  handler: functionRun(deliverEvent),
});

import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { MisconfiguredError } from '../shared/misconfiguredError';
import { fromEventMessage } from '../shared/queue/eventHints';
import { messageName } from '../shared/queue/messageName';
import { TablesUnavailableError } from '../shared/tables/tablesError';
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
    const isExpected = error instanceof MisconfiguredError || error instanceof TablesUnavailableError;
    if (!isExpected) throw error;
    context.error(`${messageName(context)}, an event: ${error.message}. A later tick hints at it again.`);
  }
}

function log(delivered: Delivered, context: InvocationContext): void {
  if (delivered.type === 'unreadable') {
    context.warn(`Unreadable hint at an event, ${messageName(context)}. Completed.`);
    return;
  }
  if (!('event' in delivered)) return;
  const { type, event } = delivered;
  const what = `Event ${event.sequence} of invitation ${event.invitationId} to subscription ${event.subscriptionId}`;
  switch (type) {
    case 'delivered':
      context.log(`${what}: delivered, attempt ${event.attempts}.`);
      break;
    case 'dropped':
      context.log(`${what}: dropped, nobody wants it any more.`);
      break;
    case 'subscriptionGone':
      context.warn(`${what}: answered 410, so the subscription is gone.`);
      break;
    case 'leftAlone':
      break;
    case 'putOff':
      context.warn(`${what}: attempt ${event.attempts} failed (${delivered.reason}); next at ${delivered.until}.`);
      break;
    case 'gaveUp':
      context.error(
        `${what}: given up after ${event.attempts} attempts (${delivered.reason}).${delivered.isDisabled ? ' The subscription is disabled.' : ''}`,
      );
      break;
  }
}

app.serviceBusQueue('deliverEvent', {
  connection: 'ServiceBusConnection',
  queueName: process.env['EVENTS_QUEUE'] ?? DEFAULT_EVENTS_QUEUE,
  handler: deliverEvent,
});

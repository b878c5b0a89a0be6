import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { timerHandler } from '../shared/timerHandler';
import { DEFAULT_WAKE_SCHEDULE } from '../shared/triggerDefaults';

/** Sends a hint for every webhook event that is due. A tick that fails is made up for by the next. */
async function wakeWebhookEvents(context: InvocationContext): Promise<void> {
  const { webhooks } = await services();
  const { found, sent } = await webhooks.wakeWebhookEvents();
  if (found > 0) context.log(`${found} webhook events due.`);
  if (!sent) context.warn('Service Bus did not take all hints at webhook events; the next tick sends them again.');
}

app.timer('wakeWebhookEvents', {
  schedule: process.env['WAKE_SCHEDULE'] ?? DEFAULT_WAKE_SCHEDULE,
  handler: timerHandler(wakeWebhookEvents),
});

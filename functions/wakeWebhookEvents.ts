import { app } from '@azure/functions';
import { services } from '../shared/clients';
import { type TimerRun, logHintsNotSent, timerHandler } from '../shared/timerHandler';
import { DEFAULT_WAKE_SCHEDULE } from '../shared/triggerDefaults';

/** Sends a hint for every webhook event that is due. A tick that fails is made up for by the next. */
async function wakeWebhookEvents(): Promise<TimerRun> {
  const { webhooks } = await services();
  const { found, sent } = await webhooks.wakeWebhookEvents();
  if (!sent) logHintsNotSent();
  return { found, ...(found > 0 ? { said: `${found} webhook events due.` } : {}) };
}

app.timer('wakeWebhookEvents', {
  schedule: process.env['WAKE_SCHEDULE'] ?? DEFAULT_WAKE_SCHEDULE,
  handler: timerHandler('wakeWebhookEvents', wakeWebhookEvents),
});

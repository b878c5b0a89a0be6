import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { timerHandler } from '../shared/timerHandler';
import { DEFAULT_WAKE_SCHEDULE } from '../shared/triggerDefaults';

/** Sends a hint for every event that is due to be delivered before the next tick. A tick that fails is made up for by the next. */
async function wakeEvents(context: InvocationContext): Promise<void> {
  const { wakeEvents: wake } = await services();
  const { found, sent } = await wake();
  if (found > 0) context.log(`${found} events are due to be delivered.`);
  if (!sent) context.warn('Service Bus did not take all hints; the next tick sends them again.');
}

app.timer('wakeEvents', {
  schedule: process.env['WAKE_SCHEDULE'] ?? DEFAULT_WAKE_SCHEDULE,
  handler: timerHandler(wakeEvents),
});

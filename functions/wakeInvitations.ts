import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { timerHandler } from '../shared/timerHandler';
import { DEFAULT_WAKE_SCHEDULE } from '../shared/triggerDefaults';

/** Sends a hint for every wake-up that is due before the next tick. A tick that fails is made up for by the next. */
async function wakeInvitations(context: InvocationContext): Promise<void> {
  const { wakeInvitations: wake } = await services();
  const { found, sent, oldest } = await wake();
  if (found > 0) context.log(`${found} wake-ups due, the earliest at ${String(oldest)}`);
  if (!sent) context.warn('Service Bus did not take all hints; the next tick sends them again.');
}

app.timer('wakeInvitations', {
  schedule: process.env['WAKE_SCHEDULE'] ?? DEFAULT_WAKE_SCHEDULE,
  handler: timerHandler(wakeInvitations),
});

import { app } from '@azure/functions';
import { services } from '../shared/clients';
import { type TimerRun, logHintsNotSent, timerHandler } from '../shared/timerHandler';
import { measure } from '../shared/telemetry/metrics';
import { DEFAULT_WAKE_SCHEDULE } from '../shared/triggerDefaults';

/** Sends a hint for every wake-up that is due before the next tick. A tick that fails is made up for by the next. */
async function wakeInvitations(): Promise<TimerRun> {
  const { wakeInvitations: wake, tellPaces } = await services();
  const { found, sent, oldest, overdue, oldestOverdueSeconds } = await wake();
  if (!sent) logHintsNotSent();
  measure('wakeups.overdue', overdue);
  measure('wakeups.oldest_overdue', oldestOverdueSeconds);
  await tellPaces();
  const said = found > 0 ? { said: `${found} wake-ups due, the earliest at ${String(oldest)}` } : {};
  return { found, overdue, oldestOverdueSeconds, ...said };
}

app.timer('wakeInvitations', {
  schedule: process.env['WAKE_SCHEDULE'] ?? DEFAULT_WAKE_SCHEDULE,
  handler: timerHandler('wakeInvitations', wakeInvitations),
});

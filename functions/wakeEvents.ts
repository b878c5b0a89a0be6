import { app } from '@azure/functions';
import { services } from '../shared/clients';
import { type TimerRun, logHintsNotSent, timerHandler } from '../shared/timerHandler';
import { DEFAULT_WAKE_SCHEDULE } from '../shared/triggerDefaults';

/** Sends a hint for every event that is due to be delivered before the next tick. A tick that fails is made up for by the next. */
async function wakeEvents(): Promise<TimerRun> {
  const { wakeEvents: wake } = await services();
  const { found, sent } = await wake();
  if (!sent) logHintsNotSent();
  return { found, ...(found > 0 ? { said: `${found} events are due to be delivered.` } : {}) };
}

app.timer('wakeEvents', {
  schedule: process.env['WAKE_SCHEDULE'] ?? DEFAULT_WAKE_SCHEDULE,
  handler: timerHandler('wakeEvents', wakeEvents),
});

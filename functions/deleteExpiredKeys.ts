import { app } from '@azure/functions';
import { services } from '../shared/clients';
import { type TimerRun, timerHandler } from '../shared/timerHandler';
import { DEFAULT_CLEAN_UP_SCHEDULE } from '../shared/triggerDefaults';

/** Deletes the idempotency keys that are older than their seven days, and what was counted on days that are over. */
async function deleteExpiredKeys(): Promise<TimerRun> {
  const { deleteExpiredKeys: deleteThem, deleteOldCounts } = await services();
  const found = await deleteThem();
  await deleteOldCounts();
  const said = `${found} idempotency keys were older than seven days and are deleted.`;
  return { found, ...(found > 0 ? { said } : {}) };
}

app.timer('deleteExpiredKeys', {
  schedule: process.env['CLEAN_UP_SCHEDULE'] ?? DEFAULT_CLEAN_UP_SCHEDULE,
  handler: timerHandler('deleteExpiredKeys', deleteExpiredKeys),
});

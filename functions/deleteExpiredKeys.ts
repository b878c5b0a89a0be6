import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { timerHandler } from '../shared/timerHandler';
import { DEFAULT_CLEAN_UP_SCHEDULE } from '../shared/triggerDefaults';

/** Deletes the idempotency keys that are older than their seven days, and what was counted on days that are over. */
async function deleteExpiredKeys(context: InvocationContext): Promise<void> {
  const { deleteExpiredKeys: deleteThem, deleteOldCounts } = await services();
  const deleted = await deleteThem();
  if (deleted > 0) context.log(`${deleted} idempotency keys were older than seven days and are deleted.`);
  await deleteOldCounts();
}

app.timer('deleteExpiredKeys', {
  schedule: process.env['CLEAN_UP_SCHEDULE'] ?? DEFAULT_CLEAN_UP_SCHEDULE,
  handler: timerHandler(deleteExpiredKeys),
});

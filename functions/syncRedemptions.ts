import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { logGraphFault, timerHandler } from '../shared/timerHandler';
import { DEFAULT_SYNC_SCHEDULE } from '../shared/triggerDefaults';

/** Notes who redeemed since the last run. A run that fails is made up for by the next. */
async function syncRedemptions(context: InvocationContext): Promise<void> {
  const { syncRedemptions: sync } = await services();
  const synced = await sync();
  switch (synced.type) {
    case 'left':
      logGraphFault(synced.fault, context);
      break;
    case 'startedAnew':
      context.log(`Changes of guests are read from now on; ${synced.toCheck} invitations are looked at.`);
      break;
    case 'synced':
      if (synced.redeemed + synced.held > 0) {
        context.log(`${synced.redeemed} invitations redeemed, ${synced.held} under way and heard of again.`);
      }
  }
}

app.timer('syncRedemptions', {
  schedule: process.env['SYNC_SCHEDULE'] ?? DEFAULT_SYNC_SCHEDULE,
  handler: timerHandler(syncRedemptions),
});

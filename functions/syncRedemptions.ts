import { app } from '@azure/functions';
import { services } from '../shared/clients';
import { type TimerRun, logGraphFault, timerHandler } from '../shared/timerHandler';
import { DEFAULT_SYNC_SCHEDULE } from '../shared/triggerDefaults';

/** Notes who redeemed since the last run. A run that fails is made up for by the next. */
async function syncRedemptions(): Promise<TimerRun | undefined> {
  const { syncRedemptions: sync } = await services();
  const synced = await sync();
  switch (synced.type) {
    case 'left':
      logGraphFault(synced.fault);
      return undefined;
    case 'startedAnew': {
      const found = synced.toCheck;
      return { found, said: `Changes of guests are read from now on; ${found} invitations are looked at.` };
    }
    case 'synced': {
      const { redeemed, held } = synced;
      const said = `${redeemed} invitations redeemed, ${held} under way and heard of again.`;
      return { found: redeemed, ...(redeemed + held > 0 ? { said } : {}) };
    }
  }
}

app.timer('syncRedemptions', {
  schedule: process.env['SYNC_SCHEDULE'] ?? DEFAULT_SYNC_SCHEDULE,
  handler: timerHandler('syncRedemptions', syncRedemptions),
});

import { app } from '@azure/functions';
import { services } from '../shared/clients';
import { type TimerRun, logGraphFault, timerHandler } from '../shared/timerHandler';
import { DEFAULT_COMPARE_SCHEDULE } from '../shared/triggerDefaults';

/** Compares the pending guests with the open invitations: the list of changes may have missed some. */
async function compareRedemptions(): Promise<TimerRun | undefined> {
  const { compareRedemptions: compare } = await services();
  const compared = await compare();
  if (compared.type === 'left') {
    logGraphFault(compared.fault);
    return undefined;
  }
  const { pending, open, toCheck } = compared;
  const said = `${pending} guests pending in Graph, ${open} invitations open here: ${toCheck} are looked at.`;
  return { said, found: toCheck, open };
}

app.timer('compareRedemptions', {
  schedule: process.env['COMPARE_SCHEDULE'] ?? DEFAULT_COMPARE_SCHEDULE,
  handler: timerHandler('compareRedemptions', compareRedemptions),
});

import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { logGraphFault, timerHandler } from '../shared/timerHandler';
import { DEFAULT_COMPARE_SCHEDULE } from '../shared/triggerDefaults';

/** Compares the pending guests with the open invitations: the list of changes may have missed some. */
async function compareRedemptions(context: InvocationContext): Promise<void> {
  const { compareRedemptions: compare } = await services();
  const compared = await compare();
  if (compared.type === 'left') {
    logGraphFault(compared.fault, context);
    return;
  }
  const { pending, open, toCheck } = compared;
  context.log(`${pending} guests pending in Graph, ${open} invitations open here: ${toCheck} are looked at.`);
}

app.timer('compareRedemptions', {
  schedule: process.env['COMPARE_SCHEDULE'] ?? DEFAULT_COMPARE_SCHEDULE,
  handler: timerHandler(compareRedemptions),
});

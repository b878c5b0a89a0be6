import { type Cost, costOf } from './cost';
import { measureEnd, measureLife } from './measureLife';
import { KEPT_ELSEWHERE, type Stored, type Tenant, bodyOf, within } from './tenant';

/** What each step of an invitation's life costs, and what a run of each timer costs that finds nothing. */
export type StepName =
  /** POST /invitations, one by one; of a bulk call of a thousand, for each of them. */
  | 'request'
  | 'bulk'
  | 'send'
  /** A hint that is early, late or doubled. */
  | 'nothingDue'
  /** Two hints at once: what the one costs whose intent came second. */
  | 'doubled'
  /** The gate was closed, or Graph refused. */
  | 'postponed'
  | 'check'
  | 'reminder'
  | 'redeemed'
  | 'expired'
  | 'erased';
export type TimerName =
  'wakeInvitations' | 'wakeEvents' | 'wakeWebhookEvents' | 'syncRedemptions' | 'deleteExpiredKeys';

export interface Steps {
  steps: Record<StepName, Cost>;
  timers: Record<TimerName, Cost>;
  /** What one invitation holds of all tables after a step. */
  stored: Record<'queued' | 'pending' | 'reminded' | 'accepted' | 'expired' | 'erased', Stored>;
}

const BULK = 1000;

/**
 * Measures them: the product's own services over its own adapters, the benchmarks' table server and the Graph simulator,
 * all in this process; time passes by the tables' clock.
 */
export async function measureSteps(): Promise<Steps> {
  const bulk = await within(measureBulk);
  const life = await within(measureLife);
  const end = await within(measureEnd);
  return {
    steps: { bulk, ...life.steps, ...end.steps },
    timers: await within(measureTimers),
    stored: { ...life.stored, ...end.stored },
  };
}

async function measureBulk({ services, costs }: Tenant): Promise<Cost> {
  const entries = Array.from({ length: BULK }, (_, nth) => ({ body: bodyOf(`bulk.${nth}`) }));
  const { counts, messages } = await costs(() =>
    services.bulkInvitations({ entries, caller: 'bench', seesOnlyOwn: false, idempotencyKey: undefined }),
  );
  return costOf(counts, messages, { except: KEPT_ELSEWHERE, by: BULK });
}

/** With nobody invited: what is left is what they cost all day long. */
async function measureTimers({ services, costs }: Tenant): Promise<Record<TimerName, Cost>> {
  await services.syncRedemptions();
  const runs: Record<TimerName, () => Promise<unknown>> = {
    wakeInvitations: () => services.wakeInvitations(),
    wakeEvents: () => services.wakeEvents(),
    wakeWebhookEvents: () => services.webhooks.wakeWebhookEvents(),
    syncRedemptions: () => services.syncRedemptions(),
    deleteExpiredKeys: () => services.deleteExpiredKeys(),
  };
  const measured: Partial<Record<TimerName, Cost>> = {};
  for (const [name, run] of Object.entries(runs) as [TimerName, () => Promise<unknown>][]) {
    const { counts, messages } = await costs(run);
    measured[name] = costOf(counts, messages, { except: [] });
  }
  return measured as Record<TimerName, Cost>;
}

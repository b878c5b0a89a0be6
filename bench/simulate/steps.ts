import type { Services } from '../../shared/clients';
import { type Instant, addMs } from '../../shared/domain/time';
import { makeGates } from '../../shared/tables/gates';
import { type Cost, costOf, plus } from './cost';
import { type Stored, type Tenant, openTenant } from './tenant';

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

const START: Instant = '2026-03-02T09:00:00.000Z';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BULK = 1000;
/** The simulation counts the gate's calls as they happen; subscriptions are read twice a minute, whatever else is done. */
const KEPT_ELSEWHERE = ['Gates', 'Subscriptions'];

/**
 * Measures them: the product's own services over its own adapters, the benchmarks' table server and the Graph simulator,
 * all in this process; time passes by the tables' clock.
 */
export async function measureSteps(): Promise<Steps> {
  const bulk = await within((tenant) => measureBulk(tenant));
  const life = await within((tenant) => measureLife(tenant));
  const end = await within((tenant) => measureEnd(tenant));
  const timers = await within((tenant) => measureTimers(tenant));
  return {
    steps: { bulk, ...life.steps, ...end.steps },
    timers,
    stored: { ...life.stored, ...end.stored },
  };
}

async function within<T>(work: (tenant: Tenant) => Promise<T>): Promise<T> {
  const tenant = await openTenant(START);
  try {
    return await work(tenant);
  } finally {
    await tenant.close();
  }
}

async function measureBulk({ services, costs }: Tenant): Promise<Cost> {
  const entries = Array.from({ length: BULK }, (_, nth) => ({ body: bodyOf(`bulk.${nth}`) }));
  const { counts, messages } = await costs(() =>
    services.bulkInvitations({ entries, caller: 'bench', seesOnlyOwn: false, idempotencyKey: undefined }),
  );
  return costOf(counts, messages, { except: KEPT_ELSEWHERE, by: BULK });
}

const bodyOf = (name: string) => ({ invitedUserEmailAddress: `${name}@fabrikam.com` });

async function request({ services }: Tenant, name: string): Promise<string> {
  const asked = await services.requestInvitation({
    body: bodyOf(name),
    caller: 'bench',
    idempotencyKey: undefined,
  });
  if (asked.type !== 'accepted') throw new Error(`A request was not accepted: ${JSON.stringify(asked)}`);
  return idOf(asked);
}

const idOf = (accepted: unknown): string => {
  const [id] = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f-]{17}/.exec(JSON.stringify(accepted)) ?? [];
  if (id === undefined) throw new Error('The answer to a request names no invitation.');
  return id;
};

/** One step: does it, and makes sure that it was that step. */
async function stepCost(
  { services, costs }: Tenant,
  id: string,
  expected: Awaited<ReturnType<Services['advanceInvitation']>>['steps'],
): Promise<Cost> {
  const seen: object[] = [];
  const { counts, messages } = await costs(async () => seen.push(await services.advanceInvitation(id)));
  const { steps } = seen[0] as Awaited<ReturnType<Services['advanceInvitation']>>;
  if (JSON.stringify(steps) !== JSON.stringify(expected)) {
    throw new Error(`Expected ${JSON.stringify(expected)} to be due, and it was ${JSON.stringify(steps)}.`);
  }
  return costOf(counts, messages, { except: KEPT_ELSEWHERE });
}

/** Requested, sent, checked, reminded, redeemed. */
async function measureLife(tenant: Tenant) {
  const { services, costs, moveTo, storedOf } = tenant;
  // The first of everything lays out tables and reads subscriptions: not counted.
  const first = await request(tenant, 'first');
  await services.advanceInvitation(first);
  await services.syncRedemptions();
  const emptied = await storedOf();
  const asked = await costs(() => request(tenant, 'second'));
  const id = asked.result;
  const queued = await storedOf();
  const send = await stepCost(tenant, id, [{ step: 'send', outcome: 'sent' }]);
  const pending = await storedOf();
  const nothingDue = await stepCost(tenant, id, []);
  moveTo(addMs(START, DAY_MS + HOUR_MS));
  const check = await stepCost(tenant, id, [{ step: 'checkRedemption', outcome: 'notRedeemed' }]);
  moveTo(addMs(START, 3 * DAY_MS + HOUR_MS));
  const beforeReminder = await storedOf();
  const reminder = await stepCost(tenant, id, [{ step: 'send', outcome: 'sent' }]);
  const afterReminder = await storedOf();
  await tenant.redeem('second@fabrikam.com');
  const synced = await costs(() => services.syncRedemptions());
  const accepted = await storedOf();
  const doubled = await measureDoubled(tenant, send);
  const between = (later: Stored, earlier: Stored): Stored => ({
    entities: later.entities - earlier.entities,
    bytes: later.bytes - earlier.bytes,
  });
  return {
    steps: {
      request: costOf(asked.counts, asked.messages, { except: KEPT_ELSEWHERE }),
      send,
      nothingDue,
      doubled,
      check,
      reminder,
      redeemed: costOf(synced.counts, synced.messages, { except: KEPT_ELSEWHERE }),
      postponed: await measurePostponed(tenant),
    },
    stored: {
      queued: between(queued, emptied),
      pending: between(pending, emptied),
      reminded: add(between(pending, emptied), between(afterReminder, beforeReminder)),
      accepted: between(accepted, emptied),
    },
  };
}

const add = (a: Stored, b: Stored): Stored => ({ entities: a.entities + b.entities, bytes: a.bytes + b.bytes });

async function measureDoubled(tenant: Tenant, send: Cost): Promise<Cost> {
  const id = await request(tenant, 'doubled');
  const look = () => tenant.services.advanceInvitation(id);
  const { counts, messages, result } = await tenant.costs(() => Promise.all([look(), look()]));
  const sent = result.flatMap(({ steps }) => steps).filter(({ outcome }) => outcome === 'sent');
  if (sent.length !== 1) throw new Error(`Two looks at once sent ${sent.length} mails: ${JSON.stringify(result)}`);
  return plus(costOf(counts, messages, { except: KEPT_ELSEWHERE }), send, -1);
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

async function measurePostponed(tenant: Tenant): Promise<Cost> {
  const id = await request(tenant, 'postponed');
  const gates = makeGates(tenant.tables);
  const found = await gates.read('invitations');
  if (!found?.state) throw new Error('There is no gate to close.');
  const closedUntil = addMs(tenant.now(), HOUR_MS);
  await gates.write('invitations', { ...found.state, closedUntil }, found.etag);
  return stepCost(await tenant.another(), id, [{ step: 'send', outcome: 'postponed' }]);
}

/** Requested and sent, never redeemed: expired, looked at a while longer, erased. */
async function measureEnd(tenant: Tenant) {
  const { services, moveTo, storedOf, policy } = tenant;
  const emptied = await storedOf();
  const id = await request(tenant, 'late');
  await services.advanceInvitation(id);
  const at = (days: number) => moveTo(addMs(START, days * DAY_MS + HOUR_MS));
  for (let day = 1; day < 31; day += 1) {
    at(day);
    await services.advanceInvitation(id);
  }
  const before = await services.invitations.read(id);
  if (before?.invitation.status !== 'expired') {
    throw new Error(`After thirty days it should be expired, and is ${String(before?.invitation.status)}.`);
  }
  const expired = await storedOf();
  for (let day = 31; day < 62; day += 1) {
    at(day);
    await services.advanceInvitation(id);
  }
  at(30 + Math.ceil((policy.retainMs ?? 0) / DAY_MS) + 1);
  const erased = await stepCost(tenant, id, [{ step: 'erase', outcome: 'erased' }]);
  const afterwards = await storedOf();
  const difference = (later: Stored): Stored => ({
    entities: later.entities - emptied.entities,
    bytes: later.bytes - emptied.bytes,
  });
  return {
    steps: { erased, expired: await measureExpiry() },
    stored: { expired: difference(expired), erased: difference(afterwards) },
  };
}

/** By itself, with nothing else due that day: the last check was less than a day before. */
async function measureExpiry(): Promise<Cost> {
  return within(async (tenant) => {
    const id = await request(tenant, 'expiring');
    await tenant.services.advanceInvitation(id);
    tenant.moveTo(addMs(START, 30 * DAY_MS - HOUR_MS));
    for (let looks = 0; looks < 3; looks += 1) await tenant.services.advanceInvitation(id);
    tenant.moveTo(addMs(START, 30 * DAY_MS + HOUR_MS));
    return stepCost(tenant, id, [{ step: 'expire', outcome: 'expired' }]);
  });
}

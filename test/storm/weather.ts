import type { GraphCall } from '../../shared/graph/callGraph';
import type { TenantFault } from './graphTenant';
import type { TableFault } from './tableClient';
import type { World } from './world';

/** Another app of the tenant calls Graph so often, until the clock has come so far. */
export async function otherApp({ clock, tenant, weather }: World, perSecond: number, forMs: number): Promise<void> {
  const untilMs = clock.nowMs() + forMs;
  while (clock.nowMs() < untilMs) {
    tenant.spendElsewhere();
    weather.faults += 1;
    await clock.sleep(1000 / perSecond);
  }
}

/** Every `POST /invitations` meets the fault with this probability for so long. */
export async function faultyGraph(
  { clock, random, tenant, weather }: World,
  { probability, forMs, fault }: { probability: number; forMs: number; fault: () => NonNullable<TenantFault> },
): Promise<void> {
  tenant.faults.of = ({ method }) => {
    if (method !== 'POST' || random() >= probability) return undefined;
    weather.faults += 1;
    return fault();
  };
  await clock.sleep(forMs);
  tenant.faults.of = () => undefined;
}

/** Each call of Graph is done and its answer lost the first time that it is made; its repeat is answered. */
export function loseEveryGraphAnswer({ tenant, weather }: World): void {
  const lost = new Set<string>();
  tenant.faults.of = ({ method, path, body }: GraphCall) => {
    const call = `${method} ${path} ${JSON.stringify(body)}`;
    if (lost.delete(call)) return undefined;
    lost.add(call);
    weather.faults += 1;
    return { reset: 'after' };
  };
}

/**
 * Every write is done and its answer lost, half of them so that the client's own retry meets what the first try did. An
 * invitation's transactions are never spared; the other tables' writes are answered when they are made again, because
 * they are not read back.
 */
export function loseEveryTableAnswer({ tables, random, weather }: World): void {
  const lost = new Set<string>();
  tables.faultOf = ({ table, isWrite, key }): TableFault => {
    if (!isWrite || (table !== 'invitations' && lost.delete(`${table} ${key}`))) return 'none';
    lost.add(`${table} ${key}`);
    weather.faults += 1;
    return random() < 0.5 ? 'resetAfter' : 'retriedAfterReset';
  };
}

/** No table answers for so long. */
export async function tablesAway({ clock, tables, weather }: World, forMs: number): Promise<void> {
  tables.faultOf = () => {
    weather.faults += 1;
    return 'unavailable';
  };
  await clock.sleep(forMs);
  tables.faultOf = () => 'none';
}

/** Bodies that no hint has, and hints for invitations that nobody ever made. */
export async function unreadableHints({ broker, clock, weather }: World, count: number, overMs: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    broker.push(UNREADABLE[index % UNREADABLE.length], `unreadable-${index}`);
    weather.faults += 1;
    await clock.sleep(overMs / count);
  }
}

const UNREADABLE: unknown[] = [
  null,
  '',
  'person-1@fabrikam.example',
  42,
  [],
  {},
  { id: 7 },
  { id: '../../gates' },
  { id: '019cadc6-9a80-7abc-8def-01234567890b' },
  { id: '019cadc6-9a80-7abc-8def-01234567890b', wakeUp: 'w-0-soon' },
  { wakeUp: 'w-0-2026-03-02T09:00:00.000Z-019cadc6-9a80-7abc-8def-01234567890b' },
  { body: { id: '019cadc6-9a80-7abc-8def-01234567890b' } },
  'x'.repeat(200_000),
];

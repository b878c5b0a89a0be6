import { costOf } from './ticks';
import type { World } from './world';

/** What one run of syncRedemptions cost. */
export interface Synced {
  changes: number;
  tableRequests: number;
  entitiesRead: number;
  graphRequests: number;
}

/** So many of the guests redeem, each time others, and the workflow hears of it. */
export async function measureSyncs(world: World, changes: readonly number[]): Promise<Synced[]> {
  const synced: Synced[] = [];
  // The first look at the subscriptions is no matter of changes.
  await syncOnce(world, 1);
  for (const count of changes) synced.push(await syncOnce(world, count));
  return synced;
}

async function syncOnce({ guests, graph, tables, services, graphRequests }: World, changes: number): Promise<Synced> {
  const redeeming = guests.splice(0, changes);
  if (redeeming.length < changes) throw new Error('There are not enough guests left to redeem.');
  for (const { email } of redeeming) await redeem(graph.baseUrl, email);
  await tables.reset();
  const before = graphRequests();
  const result = await services.syncRedemptions();
  if (result.type !== 'synced' || result.redeemed !== changes) {
    throw new Error(`${changes} redeemed, and it noticed ${JSON.stringify(result)}.`);
  }
  const { requests, entitiesRead } = costOf(await tables.counts());
  return { changes, tableRequests: requests, entitiesRead, graphRequests: graphRequests() - before };
}

async function redeem(baseUrl: string, email: string): Promise<void> {
  const body = JSON.stringify({ email });
  const { ok, status } = await fetch(`${baseUrl}/_simulator/redemptions`, { method: 'POST', body });
  if (!ok) throw new Error(`The simulator let nobody redeem: ${status}.`);
}

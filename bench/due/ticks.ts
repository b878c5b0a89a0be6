import { TABLES } from '../../shared/tables/openTables';
import { type Counts, sumOf } from '../tables/counts';
import type { World } from './world';

/** What one tick of wakeInvitations cost. */
export interface Tick {
  found: number;
  /** To all tables: the gate's is one of them. */
  requests: number;
  /** Of table Invitations. */
  entitiesRead: number;
  ms: number;
}

const WARM_UPS = 3;

/**
 * Ticks at every size in turn and in changing order, so that what else the machine does falls on all of them alike. Nothing
 * is advanced in between, so each finds the same. `wipe` empties the queue that the hints go to.
 */
export async function measureTicks(worlds: World[], rounds: number, wipe: () => void): Promise<Map<number, Tick[]>> {
  const ticks = new Map<number, Tick[]>(worlds.map(({ size }) => [size, []]));
  for (let round = -WARM_UPS; round < rounds; round += 1) {
    for (const world of round % 2 === 0 ? worlds : worlds.toReversed()) {
      wipe();
      const tick = await tickOnce(world);
      if (round >= 0) ticks.get(world.size)?.push(tick);
    }
  }
  return ticks;
}

async function tickOnce({ tables, wakeInvitations }: World): Promise<Tick> {
  await tables.reset();
  const startedMs = performance.now();
  const { found, sent } = await wakeInvitations();
  const ms = performance.now() - startedMs;
  if (!sent) throw new Error('The hints did not get through.');
  const counts = await tables.counts();
  const { entitiesRead } = sumOf(counts, TABLES.invitations);
  return { found, ms, requests: sumOf(counts).requests, entitiesRead };
}

/** What a piece of work cost the table server. */
export function costOf(counts: Counts) {
  const { requests, entitiesRead, entitiesReturned } = sumOf(counts);
  return { requests, entitiesRead, entitiesReturned };
}

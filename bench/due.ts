import { startServiceBus } from '../local/serviceBus/startServiceBus';
import { measureList } from './due/lists';
import { measureSyncs } from './due/redemptions';
import { DUE, type Others, draw, listRows, syncRows, tickRows } from './due/rows';
import { measureTicks } from './due/ticks';
import { type World, openWorld } from './due/world';
import type { BenchOptions, BenchOutcome } from './result';

const SMALL = { sizes: [10_000, 100_000], rounds: 31 };
const FULL = { sizes: [10_000, 100_000, 1_000_000], rounds: 101 };

const CHANGES = [0, 10, 100] as const;
const LIST_PAGES = 5;

const QUEUES = ['invitations', 'invitation-events', 'webhook-events'];

/**
 * What a tick of the timer, the news of redemptions and lists cost with ten thousand open invitations and with a hundred
 * times as many: nothing but what is due, changed or given may count.
 */
export async function run({ full, seed, log }: BenchOptions): Promise<BenchOutcome> {
  const { sizes, rounds } = full ? FULL : SMALL;
  const bus = await startServiceBus({ port: 0, queues: QUEUES });
  const worlds: World[] = [];
  try {
    for (const size of sizes) {
      log(`${size} open invitations …`);
      worlds.push(await openWorld({ size, due: DUE, seed, serviceBusConnection: bus.connectionString }));
    }
    const ticks = await measureTicks(worlds, rounds, () => bus.wipe());
    const others: Others[] = [];
    for (const world of worlds) {
      const byPerson = { person: world.guests[0]?.person ?? '' };
      others.push({
        size: world.size,
        byStatus: await measureList(world, { status: 'pendingAcceptance' }, LIST_PAGES),
        byPerson: await measureList(world, byPerson, LIST_PAGES),
        syncs: await measureSyncs(world, CHANGES),
      });
    }
    return {
      rows: [...tickRows(ticks), ...syncRows(others), ...others.flatMap(listRows)],
      details: { due: DUE, ticks: Object.fromEntries(ticks), others },
      plots: { due: draw(ticks) },
    };
  } finally {
    await Promise.all(worlds.map(({ close }) => close()));
    await bus.close();
  }
}

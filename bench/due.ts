import { startServiceBus } from '../local/serviceBus/startServiceBus';
import { type ListCost, measureList } from './due/lists';
import { type Synced, measureSyncs } from './due/redemptions';
import { type Tick, measureTicks } from './due/ticks';
import { type World, openWorld } from './due/world';
import type { BenchOptions, BenchOutcome, BenchRow } from './result';
import { medianOf, summaryOf } from './statistics';

const SMALL = { sizes: [10_000, 100_000], rounds: 31 };
const FULL = { sizes: [10_000, 100_000, 1_000_000], rounds: 101 };

const DUE = 900;
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
    const others = [];
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
      rows: [...tickRows(ticks), ...others.flatMap(syncRows), ...others.flatMap(listRows)],
      details: { due: DUE, ticks: Object.fromEntries(ticks), others },
    };
  } finally {
    await Promise.all(worlds.map(({ close }) => close()));
    await bus.close();
  }
}

const TICK = `a tick with ${DUE} due`;

function tickRows(ticks: Map<number, Tick[]>): BenchRow[] {
  const [[, smallest] = [0, []]] = ticks;
  const least = requestsOf(smallest);
  const rows = [...ticks].flatMap(([size, of]): BenchRow[] => [
    {
      what: `${TICK} among ${inWords(size)}: table requests; limit: among the fewest`,
      ours: requestsOf(of),
      limit: least,
      unit: 'requests',
      ...againstLimit(requestsOf(of), least),
      runs: of.length,
    },
    {
      what: `${TICK} among ${inWords(size)}: entities read; limit: due`,
      ours: medianOf(of.map(({ entitiesRead }) => entitiesRead)),
      limit: DUE,
      unit: 'entities',
      ...againstLimit(Math.max(...of.map(({ entitiesRead }) => entitiesRead)), DUE),
      runs: of.length,
    },
  ]);
  return [...rows, ...timeRows(ticks)];
}

const requestsOf = (ticks: Tick[]): number => Math.max(...ticks.map(({ requests }) => requests));

const againstLimit = (ours: number, limit: number) => ({
  ratio: ours / limit,
  better: 'lower' as const,
  aim: '= 1',
  met: ours === limit,
});

/** Time at each size against that at the smallest. */
function timeRows(ticks: Map<number, Tick[]>): BenchRow[] {
  const [[least, smallest] = [0, []], ...others] = ticks;
  const base = medianOf(smallest.map(({ ms }) => ms));
  return others.map(([size, of]): BenchRow => {
    const { median, min, max, runs } = summaryOf(of.map(({ ms }) => ms));
    return {
      what: `${TICK} among ${inWords(size)}: time; limit: among ${inWords(least)}`,
      ours: median,
      limit: base,
      unit: 'ms',
      ratio: median / base,
      better: 'lower',
      min,
      max,
      runs,
      aim: '≤ 1.2',
      met: median / base <= 1.2,
    };
  });
}

interface Others {
  size: number;
  byStatus: ListCost;
  byPerson: ListCost;
  syncs: Synced[];
}

/** For each change so many more, and otherwise the same at every size. */
function syncRows({ size, syncs }: Others): BenchRow[] {
  const [none, few, many] = syncs;
  if (!none || !few || !many) return [];
  const perChange = (many.tableRequests - few.tableRequests) / (many.changes - few.changes);
  const expected = none.tableRequests + perChange * many.changes;
  return [
    {
      what: `${many.changes} redemptions among ${inWords(size)}: table requests; limit: ${perChange} a change`,
      ours: many.tableRequests,
      limit: expected,
      unit: 'requests',
      ...againstLimit(many.tableRequests, expected),
      runs: 1,
    },
    {
      what: `${many.changes} redemptions among ${inWords(size)}: requests to Graph; limit: the page of changes`,
      ours: many.graphRequests,
      limit: 1,
      unit: 'requests',
      ...againstLimit(many.graphRequests, 1),
      runs: 1,
    },
  ];
}

const listRows = ({ size, byStatus, byPerson }: Others): BenchRow[] => [
  listRow(`list by status, ${byStatus.given} of ${inWords(size)}`, byStatus),
  listRow(`list by person among ${inWords(size)}`, byPerson),
];

const listRow = (what: string, { entitiesRead, entitiesReturned }: ListCost): BenchRow => ({
  what: `${what}: entities read; limit: returned`,
  ours: entitiesRead,
  limit: entitiesReturned,
  unit: 'entities',
  ...againstLimit(entitiesRead, entitiesReturned),
  runs: 1,
});

const inWords = (count: number): string => count.toLocaleString('en');

import { linePlot } from '../plot';
import type { BenchRow } from '../result';
import { medianOf, summaryOf } from '../statistics';
import type { ListCost } from './lists';
import type { Synced } from './redemptions';
import type { Tick } from './ticks';

/** Of each size: half first sends, half redemption checks. */
export const DUE = 900;

const TICK = `a tick with ${DUE} due`;

/** By size, the smallest first. */
export function tickRows(ticks: Map<number, Tick[]>): BenchRow[] {
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

const requestsOf = (ticks: Tick[]): number => medianOf(ticks.map(({ requests }) => requests));

const againstLimit = (ours: number, limit: number) => ({
  ratio: ours / limit,
  better: 'lower' as const,
  aim: '= 1',
  met: ours === limit,
});

/**
 * Time at each size against that at the smallest, round by round: the ratio is the median of the rounds' own, so that what
 * else the machine does from one minute to the next cancels out.
 */
function timeRows(ticks: Map<number, Tick[]>): BenchRow[] {
  const [[least, smallest] = [0, []], ...others] = ticks;
  const base = smallest.map(({ ms }) => ms);
  return others.map(([size, of]): BenchRow => {
    const times = of.map(({ ms }) => ms);
    const { median, min, max, runs } = summaryOf(times);
    const ratio = medianOf(times.map((ms, round) => ms / (base[round] ?? Number.NaN)));
    return {
      what: `${TICK} among ${inWords(size)}: time; limit: among ${inWords(least)}`,
      ours: median,
      limit: medianOf(base),
      unit: 'ms',
      ratio,
      better: 'lower',
      min,
      max,
      runs,
      aim: '≤ 1.2',
      met: ratio <= 1.2,
    };
  });
}

export interface Others {
  size: number;
  byStatus: ListCost;
  byPerson: ListCost;
  syncs: Synced[];
}

/** At every size as many as among the fewest, and there for each change so many more as for each of a few. */
export function syncRows([smallest, ...larger]: Others[]): BenchRow[] {
  const [none, few] = smallest?.syncs ?? [];
  if (!smallest || !none || !few) return [];
  const perChange = (few.tableRequests - none.tableRequests) / few.changes;
  return [smallest, ...larger].flatMap(({ size, syncs }) =>
    syncs.slice(-1).flatMap(({ changes, tableRequests, graphRequests }): BenchRow[] => {
      const expected = none.tableRequests + perChange * changes;
      const redemptions = `${changes} redemptions among ${inWords(size)}`;
      return [
        {
          what: `${redemptions}: table requests; limit: ${perChange} a change`,
          ours: tableRequests,
          limit: expected,
          unit: 'requests',
          ...againstLimit(tableRequests, expected),
          runs: 1,
        },
        {
          what: `${redemptions}: requests to Graph; limit: the page of changes`,
          ours: graphRequests,
          limit: 1,
          unit: 'requests',
          ...againstLimit(graphRequests, 1),
          runs: 1,
        },
      ];
    }),
  );
}

export const listRows = ({ size, byStatus, byPerson }: Others): BenchRow[] => [
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

export function draw(ticks: Map<number, Tick[]>): string {
  const series = (name: string, valueOf: (tick: Tick) => number) => ({
    name,
    points: [...ticks].map(([size, of]) => [size, medianOf(of.map(valueOf))] as const),
  });
  return linePlot({
    title: `A tick of the timer with ${DUE} due`,
    description: 'Entities read, table requests and time of a tick stay the same, however many invitations are open.',
    x: { label: 'open invitations', scale: 'log' },
    y: { label: 'entities, requests, ms (median)', scale: 'log' },
    series: [
      series('entities read', ({ entitiesRead }) => entitiesRead),
      series('ms', ({ ms }) => ms),
      series('table requests', ({ requests }) => requests),
    ],
    hasMarks: true,
  });
}

const inWords = (count: number): string => count.toLocaleString('en');

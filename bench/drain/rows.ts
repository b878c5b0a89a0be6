import type { BenchRow } from '../result';
import { summaryOf } from '../statistics';
import type { OurRun } from './ours';

/** The aims of issue 8. */
export const AIMS = { drain: 97, drainUnlearned: 90, wasted: 1, send: 1.1 };

/** Of the runs of one arm: how near to the limit, and what was wasted. */
export function rowsOfArm(what: string, runs: readonly OurRun[], leastDrain = AIMS.drain): BenchRow[] {
  const drain = summaryOf(runs.map(({ drainPercent = 0 }) => drainPercent));
  const wasted = summaryOf(runs.map(({ wastedPercent }) => wastedPercent));
  return [
    {
      what: `${what}: drain`,
      ours: drain.median,
      limit: 100,
      unit: '%',
      ratio: drain.median / 100,
      ...extremesOf(drain),
      aim: `≥ ${leastDrain} %`,
      met: drain.median >= leastDrain,
    },
    {
      what: `${what}: refused calls`,
      ours: wasted.median,
      unit: '%',
      ...extremesOf(wasted),
      aim: `≤ ${AIMS.wasted} %`,
      met: wasted.median <= AIMS.wasted,
    },
  ];
}

const extremesOf = ({ min, max, runs }: ReturnType<typeof summaryOf>) => ({ min, max, runs });

import { type Bulks, measureBulks } from './ingest/bulks';
import { type Posts, measurePosts } from './ingest/posts';
import { startStage } from './ingest/stage';
import { type WhileDraining, measureWhileDraining } from './ingest/whileDraining';
import type { BenchOptions, BenchOutcome, BenchRow } from './result';

const SMALL = { requests: 1500, rounds: 3, bulkRounds: 3, seconds: 10 };
const FULL = { requests: 5000, rounds: 9, bulkRounds: 9, seconds: 30 };

/** How fast requests are taken: one by one over HTTP and in bulk, each against what its writes cost by themselves. */
export async function run({ full, seed, log }: BenchOptions): Promise<BenchOutcome> {
  const { requests, rounds, bulkRounds, seconds } = full ? FULL : SMALL;
  let stage = await startStage();
  try {
    const posts = await measurePosts(stage, { seed, requests, rounds, log });
    const bulk1 = await measureBulks(stage, { seed, calls: 1, rounds: bulkRounds, log });
    const bulk10 = await measureBulks(stage, { seed, calls: 10, rounds: bulkRounds, log });
    // What was asked for so far waits in the queue: it would be sent as well.
    await stage.close();
    stage = await startStage();
    const whileDraining = await measureWhileDraining(stage, { seed, seconds, log });
    return {
      rows: [
        ...postRows(posts),
        bulkRow('bulk of 1,000', bulk1),
        bulkRow('bulk of 10,000, ten calls', bulk10),
        drainingRow(whileDraining),
      ],
      details: { posts, bulk1, bulk10, whileDraining },
    };
  } finally {
    await stage.close();
  }
}

const UNIT = 'requests/s';

function postRows({ ours, script, bare, empty }: Posts): BenchRow[] {
  const ofOurs = (what: string, peer: number, aim: number): BenchRow => ({
    what,
    ours: ours.perSecond.median,
    peer,
    unit: UNIT,
    ratio: ours.perSecond.median / peer,
    ...extremes(ours.perSecond),
    aim: `≥ ${aim}`,
    met: ours.perSecond.median / peer >= aim,
  });
  return [
    ofOurs('POST /invitations, 64 connections; peer: a script with the same writes', script.perSecond.median, 0.8),
    ofOurs('the same; peer: the same writes behind the same HTTP layer', bare.perSecond.median, 0.8),
    {
      what: 'the HTTP layer alone: an empty handler of @azure/functions',
      ours: empty.perSecond.median,
      unit: UNIT,
      ...extremes(empty.perSecond),
    },
  ];
}

const extremes = ({ min, max, runs }: Posts['ours']['perSecond']) => ({ min, max, runs });

const bulkRow = (what: string, { ours, bare }: Bulks): BenchRow => ({
  what: `${what}; peer: the same transactions, bare`,
  ours: ours.median,
  peer: bare.median,
  unit: 'invitations/s',
  ratio: ours.median / bare.median,
  ...extremes(ours),
  aim: '≥ 0.5',
  met: ours.median / bare.median >= 0.5,
});

const drainingRow = ({ idle, draining }: WhileDraining): BenchRow => ({
  what: 'p99 of POST, 30/s, while the queue drains at full pace; limit: the same while nothing drains',
  ours: draining.p99Ms,
  limit: idle.p99Ms,
  unit: 'ms',
  ratio: draining.p99Ms / idle.p99Ms,
  better: 'lower',
  runs: 1,
});

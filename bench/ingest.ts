import { type Bulks, measureBulks } from './ingest/bulks';
import { type Posts, measurePosts } from './ingest/posts';
import { type Stage, startStage } from './ingest/stage';
import { type WhileDraining, measureWhileDraining } from './ingest/whileDraining';
import { DEPLOYED_NODE, type NodeRelease, findNodes } from './nodes';
import { barPlot } from './plot';
import type { BenchOptions, BenchOutcome, BenchRow } from './result';
import type { Summary } from './statistics';

const SMALL = { warmUp: 7000, requests: 500, rounds: 7, processes: 3, bulkRounds: 5, tenRounds: 2, seconds: 10 };
const FULL = { warmUp: 12_000, requests: 1000, rounds: 9, processes: 5, bulkRounds: 15, tenRounds: 9, seconds: 30 };
/** Some 10,000 entities of all arms and rounds: beyond that Azurite alone is measured, which looks at each for each key. */
const ON_AZURITE = { warmUp: 110, requests: 110, rounds: 3 };

/** How fast requests are taken: one by one over HTTP and in bulk, each against what its writes cost by themselves. */
export async function run({ full, seed, log }: BenchOptions): Promise<BenchOutcome> {
  const { bulkRounds, tenRounds, seconds, ...size } = full ? FULL : SMALL;
  const azurite = full
    ? await within({ azurite: true }, (stage) => measurePosts(stage, { seed, log, ...ON_AZURITE }))
    : undefined;
  const posts: Record<string, Posts> = {};
  // Each with tables of its own: the same people are asked for.
  for (const { version, path } of nodesToMeasure(full, log)) {
    log(`Node ${version}`);
    posts[version] = await within({}, (stage) => measurePosts(stage, { seed, log, execPath: path, ...size }));
  }
  const measured = await within({}, async (stage) => {
    const bulk1 = await measureBulks(stage, { seed, calls: 1, rounds: bulkRounds, log });
    const bulk10 = await measureBulks(stage, { seed, calls: 10, rounds: tenRounds, log });
    return { bulk1, bulk10 };
  });
  // With a queue of its own: what was asked for so far would be sent as well.
  const whileDraining = await within({}, (stage) => measureWhileDraining(stage, { seed, seconds, log }));
  const { bulk1, bulk10 } = measured;
  const [first] = Object.values(posts);
  return {
    rows: [
      ...Object.entries(posts).flatMap(([version, each]) => postRows(version, each)),
      ...(azurite ? [againstScript('POST on Azurite', azurite)] : []),
      bulkRow('bulk of 1,000', bulk1),
      bulkRow('bulk of 10,000, ten calls', bulk10),
      drainingRow(whileDraining),
    ],
    details: { posts, ...measured, ...(azurite ? { azurite } : {}), whileDraining },
    plots: { ...(first ? { ingest: draw(first) } : {}), ingestBulk: drawBulk(bulk1, bulk10) },
  };
}

/** What is deployed; and, at full size, what runs this. */
function nodesToMeasure(full: boolean, log: (line: string) => void): NodeRelease[] {
  const here = { path: process.execPath, version: process.version };
  const { found } = findNodes([DEPLOYED_NODE]);
  if (found.length > 0 && !full) return found;
  if (found.length === 0) log(`Node ${DEPLOYED_NODE}, which is deployed, is not here and npx can't get it: left out.`);
  return [...found, ...(found.some(({ version }) => version === here.version) ? [] : [here])];
}

async function within<T>(options: { azurite?: boolean }, work: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await startStage(options);
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
}

const UNIT = 'requests/s';

function postRows(version: string, posts: Posts): BenchRow[] {
  const { ours, bare, empty, script, ratios } = posts;
  const node = `Node ${/\d+/.exec(version)?.[0] ?? version}`;
  return [
    againstScript(`${node}: POST /invitations`, posts),
    against(`${node}: the same; peer: the same writes behind the same HTTP layer`, ours, bare, ratios.rate.bare),
    {
      what: `${node}: the HTTP layer alone: an empty handler`,
      ours: empty.perSecond.median,
      unit: UNIT,
      ...extremes(empty.perSecond),
    },
    processorRow(`${node}: processor time of a POST; peer: of the script`, ours, script, ratios.cpu.ours),
    processorRow(`${node}: … of the same writes behind the same HTTP layer`, bare, script, ratios.cpu.bare),
  ];
}

const processorRow = (what: string, { cpuMs }: Posts['ours'], peer: Posts['ours'], ratio: number): BenchRow => ({
  what,
  ours: cpuMs.median,
  peer: peer.cpuMs.median,
  unit: 'ms',
  ratio,
  better: 'lower',
  ...extremes(cpuMs),
});

const againstScript = (what: string, { ours, script, ratios }: Posts): BenchRow =>
  against(`${what}, 64 connections; peer: a script with the same writes`, ours, script, ratios.rate.script);

const against = (what: string, ours: Posts['ours'], peer: Posts['ours'], ratio: number): BenchRow => ({
  what,
  ours: ours.perSecond.median,
  peer: peer.perSecond.median,
  unit: UNIT,
  ratio,
  ...extremes(ours.perSecond),
  aim: '≥ 0.8',
  met: ratio >= 0.8,
});

const extremes = ({ min, max, runs }: Summary) => ({ min, max, runs });

const bulkRow = (what: string, { ours, bare, ratio }: Bulks): BenchRow => ({
  what: `${what}; peer: the same transactions, bare`,
  ours: ours.median,
  peer: bare.median,
  unit: 'invitations/s',
  ratio,
  ...extremes(ours),
  aim: '≥ 0.5',
  met: ratio >= 0.5,
});

const drainingRow = ({ idle, draining }: WhileDraining): BenchRow => ({
  what: 'p99 of POST, 25/s, while the queue drains at full pace; limit: the same while nothing drains',
  ours: draining.p99Ms,
  limit: idle.p99Ms,
  unit: 'ms',
  ratio: draining.p99Ms / idle.p99Ms,
  better: 'lower',
  runs: 1,
});

const barOf = (name: string, { median, min, max }: Summary) => ({ name, value: median, min, max });

const draw = ({ ours, script, bare, empty }: Posts): string =>
  barPlot({
    title: 'POST /invitations at 64 connections',
    description:
      'Requests a second: ours, the same writes without the product with and without HTTP, and an empty handler.',
    label: 'requests/s, median and extremes',
    bars: [
      barOf('a script, the same writes', script.perSecond),
      barOf('the same writes, HTTP', bare.perSecond),
      barOf('ours', ours.perSecond),
      barOf('HTTP, an empty handler', empty.perSecond),
    ],
  });

const drawBulk = (bulk1: Bulks, bulk10: Bulks): string =>
  barPlot({
    title: 'Bulk requests',
    description: 'Invitations a second in calls of a thousand: ours, and the bare transactions of the same entities.',
    label: 'invitations/s, median and extremes',
    bars: [
      barOf('bare, 1,000', bulk1.bare),
      barOf('ours, 1,000', bulk1.ours),
      barOf('bare, 10,000', bulk10.bare),
      barOf('ours, 10,000', bulk10.ours),
    ],
  });

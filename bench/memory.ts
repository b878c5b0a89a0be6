import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGraph } from './drain/graphProcess';
import { type Grown, classesGrown, collectionsGrown, readSnapshot } from './memory/snapshot';
import type { MemoryMessage, MemoryPlan } from './memory/worker';
import { linePlot } from './plot';
import type { BenchOptions, BenchOutcome, BenchRow } from './result';
import { medianOf, summaryOf } from './statistics';
import { startTableProcess } from './tables/process';

const SMALL = { invitations: 5_000, baseline: 2_000, every: 1_000 };
const FULL = { invitations: 200_000, baseline: 40_000, every: 10_000 };
/** As many as are stored at a time, and the most that a call may have, in turn. */
const BULKS = [350, 1000];
const BULK_RUNS = 3;
const MIB = 2 ** 20;

/** What one host holds after many invitations, and what it needs for a bulk request. */
export async function run({ full, seed, log }: BenchOptions): Promise<BenchOutcome> {
  const size = full ? FULL : SMALL;
  const folder = mkdtempSync(join(tmpdir(), 'bench-memory-'));
  const tables = await startTableProcess({ heapMiB: 8192 });
  const graph = await startGraph({ throttle: { ratePerSecond: 100_000, burst: 100_000 } }, seed);
  try {
    const plan: MemoryPlan = { ...size, folder, bulks: Array.from({ length: BULK_RUNS }, () => BULKS).flat(), seed };
    const messages = await work(plan, environmentFor(tables.connectionString, graph.url), log);
    const [before, after] = messages.flatMap((each) => (each.type === 'snapshot' ? [readSnapshot(each.file)] : []));
    if (!before || !after) throw new Error('The worker left no heap snapshots.');
    const samples = messages.filter((each) => each.type === 'sample');
    const bulks = messages.filter((each) => each.type === 'bulk');
    const classes = classesGrown(before, after);
    const collections = collectionsGrown(before, after);
    return {
      rows: [heapRow(samples, size), ...grownRows(classes, collections, size), bulkRow(bulks)],
      details: { ...size, samples, bulks, classes, collections },
      plots: { memory: draw(samples) },
    };
  } finally {
    await Promise.all([tables.close(), graph.end()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

const environmentFor = (tables: string, graphUrl: string): Record<string, string> => ({
  AzureWebJobsStorage: tables,
  TablesConnection: tables,
  ServiceBusConnection:
    'Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true;',
  GRAPH_BASE_URL: graphUrl,
  HASH_KEY: 'only-for-this-benchmark',
  INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
  // The tenant's own limit would make hours of it.
  GRAPH_INVITATIONS_PER_SECOND: '1000',
  QUOTA_PER_CALLER: '0',
  GRAPH_CALL_TIMEOUT: 'PT2S',
  SEND_LEASE: 'PT6S',
});

async function work(
  plan: MemoryPlan,
  env: Record<string, string>,
  log: (line: string) => void,
): Promise<MemoryMessage[]> {
  const messages: MemoryMessage[] = [];
  const child = fork(join(__dirname, 'memory', 'worker.js'), [JSON.stringify(plan)], { env });
  child.on('message', (message: MemoryMessage) => {
    messages.push(message);
    if (message.type === 'sample') log(`${message.done} invitations: ${(message.bytes / MIB).toFixed(2)} MiB`);
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || messages.at(-1)?.type !== 'done') throw new Error(`The worker ended with ${code ?? 'a signal'}.`);
  return messages;
}

type Size = typeof FULL;
type Sample = Extract<MemoryMessage, { type: 'sample' }>;
type BulkPeak = Extract<MemoryMessage, { type: 'bulk' }>;

function heapRow(samples: Sample[], { baseline, invitations }: Size): BenchRow {
  const later = samples.filter(({ done }) => done > baseline).map(({ bytes }) => bytes / MIB);
  const limit = (samples.find(({ done }) => done === baseline)?.bytes ?? Number.NaN) / MIB;
  const most = Math.max(...later);
  return {
    what: `heap after collection, the most up to ${inWords(invitations)} invitations; limit: after ${inWords(baseline)}`,
    ours: most,
    limit,
    unit: 'MiB',
    ratio: most / limit,
    better: 'lower',
    min: Math.min(...later),
    max: most,
    runs: later.length,
    aim: '< 1.05',
    met: most / limit < 1.05,
  };
}

/**
 * Against the number of invitations in between: whatever kept one of each would have a ratio of 1 or more. What a thousand
 * at a time go through may have got its full size in between, so a collection has more leave.
 */
function grownRows([mostCame]: Grown[], [largest]: Grown[], { baseline, invitations }: Size): BenchRow[] {
  const row = (what: string, unit: string, grown: Grown | undefined, most: number): BenchRow => {
    const came = grown ? grown.after - grown.before : 0;
    const perInvitation = came / (invitations - baseline);
    const numbers = { ours: came, unit, ratio: perInvitation, better: 'lower' as const, runs: 1 };
    return { what, ...numbers, aim: `< ${most}`, met: perInvitation < most };
  };
  return [
    row('objects that came, of the class of which most did; ratio: for each invitation', 'objects', mostCame, 0.01),
    row(
      'places that the array, map or set that grew most has more; ratio: for each invitation',
      'places',
      largest,
      0.5,
    ),
  ];
}

/**
 * What each further entry adds once as many are in hand as are stored at a time. A call that kept all it made until its end
 * would hold as much of each as of the first ones: a ratio of nearly 1.
 */
function bulkRow(bulks: BulkPeak[]): BenchRow {
  const [few = Number.NaN, many = Number.NaN] = BULKS;
  const kibOf = (size: number) => bulks.filter(({ entries }) => entries === size).map((each) => each.peakBytes / 1024);
  const peaksOfFew = kibOf(few);
  const further = kibOf(many).map((peak, nth) => (peak - (peaksOfFew[nth] ?? Number.NaN)) / (many - few));
  const { median: ours, ...spread } = summaryOf(further);
  const limit = medianOf(peaksOfFew) / few;
  return {
    what: `a bulk request of ${inWords(many)}: in use at a time, for each entry beyond ${few}; limit: for each of ${few}`,
    ours,
    limit,
    unit: 'KiB',
    ratio: ours / limit,
    better: 'lower',
    ...spread,
  };
}

const draw = (samples: Sample[]): string =>
  linePlot({
    title: 'Heap of one host after collection',
    description: 'What one process holds stays the same, however many invitations went through it.',
    x: { label: 'invitations' },
    y: { label: 'MiB' },
    series: [{ name: 'heap and buffers', points: samples.map(({ done, bytes }) => [done, bytes / MIB] as const) }],
    hasMarks: true,
  });

const inWords = (count: number): string => count.toLocaleString('en');

import { startGraph } from './ingest/graphProcess';
import { startStage } from './ingest/stage';
import { type ProcessorTime, measureProcessorTime } from './overhead/processorTime';
import { type Stages, measureStages } from './overhead/stages';
import { barPlot } from './plot';
import type { BenchOptions, BenchOutcome, BenchRow } from './result';
import type { Summary } from './statistics';

const SMALL = { oneByOne: 15, paced: { invitations: 200, runs: 1 }, saturated: { invitations: 1500, runs: 3 } };
const FULL = { oneByOne: 200, paced: { invitations: 1200, runs: 3 }, saturated: { invitations: 4000, runs: 5 } };

/** Graph's limit, all of it: 150 requests in 5 s. */
const GRAPH_PER_SECOND = 30;
const ENOUGH_FOR_P99 = 100;

/** What the workflow adds to Graph's own time, stage by stage, and what an invitation costs in processor time. */
export async function run({ full, seed, log }: BenchOptions): Promise<BenchOutcome> {
  const { oneByOne, paced, saturated } = full ? FULL : SMALL;
  const stage = await startStage();
  // Graph answers at once and refuses nothing: whatever takes time is ours.
  const graph = await startGraph({ throttle: { ratePerSecond: 10_000, burst: 10_000 } });
  const env = {
    ...stage.env,
    GRAPH_BASE_URL: graph.baseUrl,
    GRAPH_INVITATIONS_PER_SECOND: String(GRAPH_PER_SECOND),
    // A hint that a busy machine lost is made up for soon.
    WAKE_SCHEDULE: '*/10 * * * * *',
  };
  try {
    const stages = await measureStages({ env, seed, invitations: oneByOne, log });
    const every = { env, graph, seed, log };
    const atGraphsPace = await measureProcessorTime({ ...every, ...paced, perSecond: GRAPH_PER_SECOND });
    const atFullPace = await measureProcessorTime({ ...every, ...saturated });
    return {
      rows: [
        ...stageRows(stages, oneByOne),
        ...processorRows('at Graph’s pace', atGraphsPace),
        ...processorRows('saturated', atFullPace),
        carriedRow(atFullPace),
      ],
      details: { stages, atGraphsPace, atFullPace },
      plots: { overhead: draw(stages) },
    };
  } finally {
    await graph.close();
    await stage.close();
  }
}

/** The whole way, then step by step. Of few, the 99th percentile is the slowest, and of a step that says nothing. */
function stageRows(stages: Stages, runs: number): BenchRow[] {
  const tellsP99 = runs >= ENOUGH_FOR_P99;
  const rows = (what: string, { p50, p99 }: { p50: number; p99: number }, slow: string | undefined): BenchRow[] => [
    { what: `${what}, p50`, ours: p50, unit: 'ms', runs },
    ...(slow === undefined ? [] : [{ what: `${what}, ${slow}`, ours: p99, unit: 'ms', runs }]),
  ];
  const whole = stages.graphCalled?.sinceMs ?? { p50: Number.NaN, p99: Number.NaN };
  return [
    ...rows('idle: request to Graph call', whole, tellsP99 ? 'p99' : 'slowest'),
    ...Object.entries(stages).flatMap(([moment, { stepMs }]) =>
      rows(`idle: … to ${moment}`, stepMs, tellsP99 ? 'p99' : undefined),
    ),
  ];
}

function processorRows(pace: string, { http, queue, both }: ProcessorTime): BenchRow[] {
  const row = (host: string, { median, min, max, runs }: Summary): BenchRow => ({
    what: `CPU of an invitation, ${pace}, ${host}`,
    ours: median,
    unit: 'ms',
    min,
    max,
    runs,
  });
  return [row('HTTP host', http), row('queue host', queue), row('both', both)];
}

function carriedRow({ both }: ProcessorTime): BenchRow {
  const carried = 1000 / both.median;
  const ratio = carried / GRAPH_PER_SECOND;
  return {
    what: 'carried by one core, whole way; limit: Graph’s',
    ours: carried,
    min: 1000 / both.max,
    max: 1000 / both.min,
    runs: both.runs,
    limit: GRAPH_PER_SECOND,
    unit: 'invitations/s',
    ratio,
    aim: '≥ 5',
    met: ratio >= 5,
  };
}

const draw = (stages: Stages): string =>
  barPlot({
    title: 'From the request to the call of Graph, on an idle system',
    description:
      'Milliseconds since the request, median and 99th percentile, at which an invitation passes each moment.',
    label: 'ms since the request, p50 (line: to p99)',
    bars: Object.entries(stages).map(([moment, { sinceMs }]) => ({
      name: moment,
      value: sinceMs.p50,
      min: sinceMs.p50,
      max: sinceMs.p99,
    })),
  });

import type { BenchGraph } from '../ingest/graphProcess';
import { startHost } from '../ingest/hostProcess';
import { type LoadOptions, paced, saturate } from '../ingest/load';
import { peopleOf } from '../ingest/people';
import { until } from '../ingest/until';
import { type Summary, summaryOf } from '../statistics';

export interface ProcessorTimeOptions {
  env: Record<string, string>;
  graph: BenchGraph;
  seed: number;
  /** Graph's: between them both hosts wait, and what waiting costs is counted. Without it as fast as the hosts can. */
  perSecond?: number;
  /** Of one run; the one before them is not counted. */
  invitations: number;
  runs: number;
  log: (line: string) => void;
}

/** Processor time of one invitation, in ms. */
export interface ProcessorTime {
  http: Summary;
  queue: Summary;
  both: Summary;
}

/** Far more than a host can do. */
const ANY_PACE = 2000;
const CONNECTIONS = 64;

/**
 * What invitations cost in processor time from the request to the recorded outcome, in an HTTP host and a queue host of
 * their own, which also runs the timer.
 */
export async function measureProcessorTime(options: ProcessorTimeOptions): Promise<ProcessorTime> {
  const { graph, seed, perSecond, invitations, runs, log } = options;
  const files = '{bench/overhead/anyPace,functions/*}.js';
  const env = { ...options.env, BENCH_PER_SECOND: String(perSecond ?? ANY_PACE) };
  const hostOf = (...only: string[]) => startHost({ files, only, env });
  const pace = perSecond === undefined ? 'saturated' : `${perSecond}/s`;
  const send = (load: LoadOptions) => (perSecond === undefined ? saturate(load) : paced({ ...load, perSecond }));
  const [http, queue] = await Promise.all([
    hostOf('requestInvitation'),
    hostOf('advanceInvitation', 'wakeInvitations'),
  ]);
  const measured: { http: number; queue: number }[] = [];
  try {
    let sent = await graph.sent();
    for (let run = 0; run <= runs; run += 1) {
      const [httpBefore, queueBefore] = await Promise.all([http.cpuMs(), queue.cpuMs()]);
      const bodies = peopleOf(seed, `cpu${perSecond ?? ''}.${run}`, invitations).map((each) => JSON.stringify(each));
      await send({ port: http.port, path: '/api/invitations', bodies, connections: CONNECTIONS });
      sent += invitations;
      await until(async () => (await graph.sent()) >= sent, 'all are sent');
      const each = {
        http: ((await http.cpuMs()) - httpBefore) / invitations,
        queue: ((await queue.cpuMs()) - queueBefore) / invitations,
      };
      if (run > 0) measured.push(each);
      log(
        `CPU, ${pace}, run ${run} of ${runs}: HTTP ${each.http.toFixed(2)} ms, queue ${each.queue.toFixed(2)} ms an invitation`,
      );
    }
  } finally {
    await Promise.all([http.end(), queue.end()]);
  }
  return {
    http: summaryOf(measured.map((each) => each.http)),
    queue: summaryOf(measured.map((each) => each.queue)),
    both: summaryOf(measured.map((each) => each.http + each.queue)),
  };
}

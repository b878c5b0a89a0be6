import { type BenchResult, readResult } from '../result';

/** What the other benchmarks measured, as it is in their results. */
export interface Measured {
  /** Invitations a second that bulk calls of a thousand are stored at, one after the other. */
  bulkPerSecond: number;
  /** Processor time of an invitation's whole way at Graph's pace, both hosts. */
  cpuMs: number;
  /** For the whole way from the queue on; undefined where the benchmark has not run. */
  drain: { tableRequests: number; messages: number } | undefined;
  /** Of a tick with 900 due, and of a redemption. */
  due: { tickRequests: number; requestsARedemption: number } | undefined;
  /** Which results these are: name, when and at which commit. */
  from: Record<string, { startedAt: string; commit: string }>;
}

type Read = (file: string) => BenchResult | undefined;

/** Throws one sentence that names the benchmark to run first. */
export function readMeasured(read: Read = readResult): Measured {
  const [ingest, overhead] = [required(read, 'ingest'), required(read, 'overhead')];
  const [drain, due] = [read('drain'), read('due')];
  const used = [ingest, overhead, ...(drain ? [drain] : []), ...(due ? [due] : [])];
  return {
    bulkPerSecond: valueOf(ingest, 'bulk of 1,000;'),
    cpuMs: valueOf(overhead, 'CPU of an invitation, at Graph’s pace, both'),
    drain: drain && {
      tableRequests: valueOf(drain, 'table requests for an invitation'),
      messages: valueOf(drain, 'messages for an invitation'),
    },
    due: due && {
      tickRequests: valueOf(due, 'a tick with 900 due among 10,000: table requests'),
      requestsARedemption: perRedemption(due),
    },
    from: Object.fromEntries(
      used.map(({ name, startedAt, versions }) => [name, { startedAt, commit: versions['commit'] ?? 'unknown' }]),
    ),
  };
}

function required(read: Read, name: string): BenchResult {
  const result = read(name);
  if (!result) throw new Error(`There is no bench/results/${name}.json: run "npm run bench -- ${name}" first.`);
  return result;
}

/** Of the first row that is told so. */
function valueOf({ name, rows }: BenchResult, what: string): number {
  const row = rows.find((each) => each.what.includes(what));
  if (!row) throw new Error(`bench/results/${name}.json has no row "${what}": run "npm run bench -- ${name}" anew.`);
  return row.ours;
}

/** The row tells a number of redemptions and all requests for them, a fixed few of them for the run itself. */
function perRedemption(due: BenchResult): number {
  const row = due.rows.find(({ what }) => /^\d+ redemptions among .*table requests/.test(what));
  const redemptions = Number(row?.what.split(' ')[0]);
  if (!row || Number.isNaN(redemptions)) {
    throw new Error('bench/results/due.json has no row of redemptions: run "npm run bench -- due" anew.');
  }
  return Math.floor(row.ours / redemptions);
}

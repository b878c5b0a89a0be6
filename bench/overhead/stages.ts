import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection } from '../ingest/connection';
import { type BenchHost, startHost } from '../ingest/hostProcess';
import { peopleOf } from '../ingest/people';
import { percentile } from '../statistics';
import { MOMENTS, type Moment, type Told, machineMs } from './moments';

export interface StagesOptions {
  env: Record<string, string>;
  seed: number;
  invitations: number;
  log: (line: string) => void;
}

export interface StageTimes {
  /** From the moment before. */
  stepMs: { p50: number; p99: number };
  /** From the request. */
  sinceMs: { p50: number; p99: number };
}

export type Stages = Partial<Record<Moment, StageTimes>>;

/** Not counted: they open connections and have V8 compile. */
const WARM_UP = 20;
/** Longer than a block of tokens lasts: each invitation finds a system where nothing has happened for a while. */
const PAUSE_MS = 1200;
const WARM_UP_PAUSE_MS = 50;
const MOST_MS = 60_000;

/** One invitation after the other through an HTTP host and a queue host: when each passes which moment. */
export async function measureStages({ env, seed, invitations, log }: StagesOptions): Promise<Stages> {
  let seen = new Map<Told['what'], number>();
  let onSettled = (): void => undefined;
  const onTold = (what: unknown) => {
    const told = what as Told;
    if (!seen.has(told.what)) seen.set(told.what, told.atMs);
    if (told.what === 'settled') onSettled();
  };
  const hostOf = (...only: string[]) =>
    startHost({ files: '{bench/overhead/trace,functions/*}.js', only, env, onTold });
  const hosts: BenchHost[] = [];
  const ways: Map<Told['what'], number>[] = [];
  try {
    hosts.push(await hostOf('requestInvitation'), await hostOf('advanceInvitation', 'wakeInvitations'));
    const connection = await openConnection(hosts[0]?.port ?? 0);
    for (const [nth, person] of peopleOf(seed, 'stages', WARM_UP + invitations).entries()) {
      await sleep(nth < WARM_UP ? WARM_UP_PAUSE_MS : PAUSE_MS);
      const settled = new Promise<void>((resolve) => (onSettled = resolve));
      seen = new Map([['requested', machineMs()]]);
      const { status } = await connection.post('/api/invitations', JSON.stringify(person));
      if (status !== 202) throw new Error(`POST answered ${status}.`);
      await Promise.race([settled, tooLate()]);
      if (nth >= WARM_UP) ways.push(seen);
    }
    connection.close();
  } finally {
    await Promise.all(hosts.map((host) => host.end()));
  }
  log(`overhead: ${ways.length} invitations, one at a time`);
  return summaryOf(ways);
}

async function tooLate(): Promise<never> {
  await sleep(MOST_MS, undefined, { ref: false });
  throw new Error(`An invitation was not sent within ${MOST_MS} ms.`);
}

function summaryOf(ways: Map<Told['what'], number>[]): Stages {
  const stages: Stages = {};
  for (const [nth, moment] of MOMENTS.entries()) {
    const before = MOMENTS[nth - 1];
    if (before === undefined) continue;
    stages[moment] = {
      stepMs: spreadOf(ways.map((way) => between(way, before, moment))),
      sinceMs: spreadOf(ways.map((way) => between(way, MOMENTS[0], moment))),
    };
  }
  return stages;
}

/** Throws when one was not seen: a time that is not known must not be told. */
export function between(way: Map<Told['what'], number>, from: Moment, to: Moment): number {
  const [fromMs, toMs] = [way.get(from), way.get(to)];
  if (fromMs === undefined || toMs === undefined) throw new Error(`No "${fromMs === undefined ? from : to}" was seen.`);
  return toMs - fromMs;
}

const spreadOf = (values: number[]) => ({ p50: percentile(values, 50), p99: percentile(values, 99) });

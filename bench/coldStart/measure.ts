import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { NodeRelease } from '../nodes';
import type { Start } from './start';
import { type Spread, spreadOf } from './summary';

export interface Arm {
  name: string;
  /** What the worker would load, absolute paths; none measures Node alone. */
  files: string[];
  env?: Record<string, string>;
}

export interface Measured {
  functions: number;
  starts: number;
  registeredMs: Spread;
  /** Undefined for Node alone. */
  answeredMs?: Spread;
}

const run = promisify(execFile);

/**
 * Starts each arm `starts` times, in turn and in changing order, so that what else the machine does falls on all of them
 * alike. One start of each goes before and isn't counted: it fills the page cache.
 */
export async function measure(
  node: NodeRelease,
  arms: Arm[],
  starts: number,
  env: Record<string, string>,
): Promise<Record<string, Measured>> {
  const results = new Map<string, Start[]>(arms.map(({ name }) => [name, []]));
  for (let round = 0; round <= starts; round++) {
    for (const arm of round % 2 === 0 ? arms : arms.toReversed()) {
      const start = await startOnce(node, arm, env);
      if (round > 0) results.get(arm.name)?.push(start);
    }
  }
  return Object.fromEntries([...results].map(([name, measured]) => [name, summaryOf(measured)]));
}

async function startOnce({ path }: NodeRelease, arm: Arm, env: Record<string, string>): Promise<Start> {
  const { stdout } = await run(path, [join(__dirname, 'start.js'), ...arm.files], {
    env: { ...env, ...arm.env },
    timeout: 60_000,
  });
  return JSON.parse(stdout) as Start;
}

function summaryOf(starts: Start[]): Measured {
  const answered = starts.flatMap(({ answeredMs }) => answeredMs ?? []);
  return {
    functions: starts[0]?.functions ?? 0,
    starts: starts.length,
    registeredMs: spreadOf(starts.map(({ registeredMs }) => registeredMs)),
    ...(answered.length > 0 ? { answeredMs: spreadOf(answered) } : {}),
  };
}

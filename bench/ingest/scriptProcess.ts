import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { someAtOnce } from '../../shared/workflow/someAtOnce';
import { type ChildOptions, answerParent, startChild } from './child';
import type { Operation } from './operations';
import { makeReplay } from './replay';

/** Of each request what it made the product do; a file of these is what `recordTo` writes. */
export type Recording = Operation[][];

/** The peer: does what the product did, with nothing around it, in a process of its own. */
export interface Script {
  /** Performs every request of a recording, so many at once, and tells how long that took. */
  run: (file: string, atOnce: number) => Promise<{ seconds: number; cpuMs: number }>;
  end: () => Promise<void>;
}

interface RunCommand {
  file: string;
  atOnce: number;
}

export async function startScript(env: Record<string, string>, options?: ChildOptions): Promise<Script> {
  const child = startChild(__filename, env, options);
  await child.ask('open');
  return {
    run: async (file, atOnce) => {
      const command: RunCommand = { file, atOnce };
      return (await child.ask('run', command)) as { seconds: number; cpuMs: number };
    },
    end: child.end,
  };
}

if (require.main === module) {
  const { TablesConnection = '', ServiceBusConnection = '' } = process.env;
  const replay = makeReplay(TablesConnection, ServiceBusConnection);
  answerParent({
    open: () => undefined,
    run: async (argument) => {
      const { file, atOnce } = argument as RunCommand;
      const recording = deserialize(readFileSync(file)) as Recording;
      const [beganMs, cpuBefore] = [performance.now(), process.cpuUsage()];
      await someAtOnce(recording, replay.perform, atOnce);
      const { user, system } = process.cpuUsage(cpuBefore);
      return { seconds: (performance.now() - beganMs) / 1000, cpuMs: (user + system) / 1000 };
    },
  });
}

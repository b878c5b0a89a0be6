import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Blow, Order, Sign } from './orders';
import type { Stack } from './stack';
import { type Worker, WorkerDied, spawnWorker } from './workerProcess';

/** Circumstances of a life, drawn by its seed. */
export interface Circumstances {
  settings: Record<string, string>;
  /** What meets the first worker, the one that comes after it, and so on. */
  blows: Blow[];
  /** The broker comes back empty whenever a worker died. */
  wipesBroker: boolean;
  directoryLagMs: number;
}

export type Shift = Awaited<ReturnType<typeof startShift>>;

/** Workers that stand in for each other: when one dies the next takes over, and what was asked of it is asked again. */
export async function startShift(stack: Stack, crew: Crew, circumstances: Circumstances) {
  const settings = { ...stack.settings, ...circumstances.settings };
  const blows = [...circumstances.blows];
  const signs: Sign[] = [];
  let deaths = 0;
  let worker = await crew.take(settings);
  const arm = () => worker.ask({ type: 'arm', blow: blows.shift() });
  const replace = async (): Promise<void> => {
    signs.push(...worker.takeSigns());
    deaths += 1;
    if (circumstances.wipesBroker) stack.wipeBroker();
    worker = await crew.take(settings);
    await arm();
  };
  const orReplace = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof WorkerDied)) throw error;
      await replace();
      return orReplace(work);
    }
  };

  const { directoryLagMs } = circumstances;
  await stack.behave({
    directoryLagMs,
    sharePointLagMs: directoryLagMs,
    faults: [],
    sharingMailsFail: [],
    sharesLost: 0,
  });
  await arm();
  return {
    settings,
    /** How often a person was asked to decide. */
    reviewed: 0,
    ask: <T>(order: Order): Promise<T> => orReplace(() => worker.ask<T>(order)),
    /** Days go by at once here and the directory's lag does not, so it is waited for where the clock is set. */
    letLagPass: () => sleep(circumstances.directoryLagMs),
    deaths: () => deaths,
    signs: async () => {
      await setImmediate(); // What it wrote before its last answer is in the pipe by now.
      return [...signs, ...worker.takeSigns()];
    },
    end: () => crew.giveBack(worker, settings),
    kill: () => worker.end(),
  };
}

export type Crew = ReturnType<typeof makeCrew>;

/** Workers to take: the one that was given back where it has the same settings, else a new one that is loaded already. */
export function makeCrew() {
  let next: Worker | undefined;
  let idle: { worker: Worker; settings: string } | undefined;
  const hire = (): Worker => {
    const hired = next ?? spawnWorker();
    next = spawnWorker();
    return hired;
  };
  return {
    hire,
    /** A worker that is connected and takes messages. */
    take: async (settings: Record<string, string>): Promise<Worker> => {
      const taken = idle;
      idle = undefined;
      if (taken?.worker.isAlive() && taken.settings === JSON.stringify(settings)) return taken.worker;
      await taken?.worker.end();
      const worker = hire();
      await worker.ask({ type: 'start', settings });
      return worker;
    },
    giveBack: async (worker: Worker, settings: Record<string, string>) => {
      await idle?.worker.end();
      idle = { worker, settings: JSON.stringify(settings) };
    },
    end: async () => {
      await Promise.all([next?.end(), idle?.worker.end()]);
      next = idle = undefined;
    },
  };
}

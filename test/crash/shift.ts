import { setTimeout as sleep } from 'node:timers/promises';
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
export async function startShift(stack: Stack, hire: () => Worker, circumstances: Circumstances) {
  const settings = { ...stack.settings, ...circumstances.settings };
  const blows = [...circumstances.blows];
  const signs: Sign[] = [];
  let deaths = 0;
  let worker = hire();

  const takeOver = async (): Promise<void> => {
    await worker.ask({ type: 'start', settings });
    await worker.ask({ type: 'arm', blow: blows.shift() });
  };
  const replace = async (): Promise<void> => {
    signs.push(...worker.takeSigns());
    deaths += 1;
    if (circumstances.wipesBroker) stack.wipeBroker();
    worker = hire();
    await orReplace(takeOver);
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

  await stack.behave({ directoryLagMs: circumstances.directoryLagMs, faults: [] });
  await takeOver();
  return {
    settings,
    /** How often a person was asked to decide. */
    reviewed: 0,
    ask: <T>(order: Order): Promise<T> => orReplace(() => worker.ask<T>(order)),
    /** Days go by at once here and the directory's lag does not, so it is waited for where the clock is set. */
    letLagPass: () => sleep(circumstances.directoryLagMs),
    deaths: () => deaths,
    signs: () => [...signs, ...worker.takeSigns()],
    end: () => worker.end(),
  };
}

/** Keeps one worker loaded in reserve, so that nobody waits for a start. */
export function makeReserve() {
  let next: Worker | undefined;
  return {
    hire: (): Worker => {
      const hired = next ?? spawnWorker();
      next = spawnWorker();
      return hired;
    },
    end: async () => {
      await next?.end();
      next = undefined;
    },
  };
}

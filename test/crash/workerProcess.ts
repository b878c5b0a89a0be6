import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Order, Sign } from './orders';

/** The worker died before it answered. */
export class WorkerDied extends Error {}

export interface Worker {
  /** Rejects with `WorkerDied` when it dies before it answers. */
  ask: <T>(order: Order) => Promise<T>;
  /** What it reached since it was asked last. */
  takeSigns: () => Sign[];
  isAlive: () => boolean;
  /** Lets a frozen one run on. */
  thaw: () => void;
  end: () => Promise<void>;
}

const ROOT = path.join(__dirname, '..', '..');

/** A worker process with everything loaded and nothing connected. */
export function spawnWorker(): Worker {
  const child = fork(path.join(__dirname, 'worker.ts'), {
    cwd: ROOT,
    execArgv: ['--require', path.join(__dirname, 'register.js')],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'] },
  });
  const signs: Sign[] = [];
  const output = child.stdout;
  if (output) createInterface(output).on('line', (line) => signs.push(JSON.parse(line) as Sign));
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  let isAlive = true;
  child.on('message', ({ number, answer, error }: { number: number; answer?: unknown; error?: string }) => {
    if (error === undefined) waiting.get(number)?.resolve(answer);
    else waiting.get(number)?.reject(new Error(error));
    waiting.delete(number);
  });
  // `close` comes after everything that it wrote has been read.
  child.on('close', () => {
    isAlive = false;
    for (const { reject } of waiting.values()) reject(new WorkerDied());
    waiting.clear();
  });
  child.on('error', () => undefined);
  return {
    ask: <T>(order: Order) =>
      new Promise<T>((resolve, reject) => {
        if (!isAlive) {
          reject(new WorkerDied());
          return;
        }
        last += 1;
        waiting.set(last, { resolve: resolve as (answer: unknown) => void, reject });
        child.send({ number: last, order }, () => undefined);
      }),
    takeSigns: () => signs.splice(0),
    isAlive: () => isAlive,
    thaw: () => void child.kill('SIGCONT'),
    end: async () => {
      if (!isAlive) return;
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    },
  };
}

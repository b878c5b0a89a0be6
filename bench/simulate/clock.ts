import { createHeap } from '../../local/serviceBus/queue/heap';

interface Event {
  atMs: number;
  /** Events of one instant happen in the order in which they were planned. */
  order: number;
  happen: () => void;
}

/** Resolves once all that follows from settled promises is done. Going around the event loop for it would cost more than that. */
const promisesDone = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

export type Clock = ReturnType<typeof makeClock>;

/**
 * A clock that jumps from one planned event to the next: hours pass in seconds. What is planned with `at` only calls and
 * plans; where it settles or awaits a promise it says so by `stir`, so that whatever follows from that is done before time
 * goes on. Everything else costs a step of a heap.
 */
export function makeClock(startMs: number) {
  const events = createHeap<Event>((a, b) => (a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs));
  let nowMs = startMs;
  let planned = 0;
  let isStirred = true;
  let failure: { error: unknown } | undefined;

  const stir = (): void => void (isStirred = true);

  /** Ends the simulation with this error. */
  const fail = (error: unknown): void => void (failure ??= { error });

  /** Whole milliseconds only, as everybody's instants are. */
  const at = (atMs: number, happen: () => void): void => {
    events.push({ atMs: Math.max(Math.ceil(atMs), nowMs), order: planned, happen });
    planned += 1;
  };

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) =>
      at(nowMs + ms, () => {
        isStirred = true;
        resolve();
      }),
    );

  /** Lets time pass until the script is over, and gives its value. Throws when nothing is planned that could end it. */
  const run = async <T>(script: Promise<T>): Promise<T> => {
    const state = { isOver: false };
    const over = () => void (state.isOver = true);
    script.then(over, over);
    for (;;) {
      if (isStirred) {
        isStirred = false;
        await promisesDone();
        if (failure) throw failure.error;
        if (state.isOver) return script;
        continue;
      }
      const next = events.pop();
      if (!next) throw new Error('Time stands still: the simulation waits for something that nobody has planned.');
      nowMs = next.atMs;
      next.happen();
    }
  };

  return { nowMs: () => nowMs, at, sleep, stir, fail, run };
}

import { setImmediate as microtasksDone } from 'node:timers/promises';
import { createHeap } from '../../local/serviceBus/queue/heap';

interface Event {
  atMs: number;
  /** Events of one instant happen in the order in which they were planned. */
  order: number;
  happen: () => void;
}

export type VirtualClock = ReturnType<typeof makeVirtualClock>;

/**
 * A clock that jumps from one planned event to the next, so that days pass in seconds. Everything that waits must wait
 * by it; whatever else the code under test awaits must be promises alone, for those are done between two events.
 */
export function makeVirtualClock(startMs: number) {
  const events = createHeap<Event>((a, b) => (a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs));
  let nowMs = startMs;
  let planned = 0;

  /** Whole milliseconds only: everybody's instants are. */
  const at = (atMs: number, happen: () => void): void => {
    events.push({ atMs: Math.max(Math.ceil(atMs), nowMs), order: planned, happen });
    planned += 1;
  };

  const sleep = (ms: number): Promise<void> => new Promise((resolve) => at(nowMs + ms, resolve));

  /** Lets time pass until the script is over, and gives its value. Throws when nothing is planned that could end it. */
  const run = async <T>(script: Promise<T>): Promise<T> => {
    const state = { isOver: false };
    const over = () => void (state.isOver = true);
    script.then(over, over);
    for (;;) {
      await microtasksDone();
      if (state.isOver) return script;
      const next = events.pop();
      if (!next) throw new Error('Time stands still: the script waits for something that nobody has planned.');
      nowMs = next.atMs;
      next.happen();
    }
  };

  return { nowMs: () => nowMs, at, sleep, run };
}

import { type Instant, toMs } from '../../shared/domain/time';
import type { Clock } from './clock';
import { makeLine } from './line';
import { MAX_CONCURRENT_CALLS, type Worker } from './worker';

export interface Queue {
  /** A message for the nth invitation, given out when its time has come. */
  send: (nth: number, at: Instant) => void;
  sent: () => number;
  /** Messages that were in it at once, at most. */
  longest: () => number;
}

/**
 * A queue that gives each message out once, to the worker with the fewest in hand, and keeps no time of its own. `onOperation`
 * hears of each that is sent or received.
 */
export function makeQueue(
  clock: Clock,
  workers: readonly Worker[],
  onOperation: (operation: 'send' | 'receive') => void,
): Queue {
  const line = makeLine<number>();
  let sent = 0;
  let taken = 0;
  let longest = 0;

  const handOut = (): void => {
    while (line.size > 0) {
      const free = workers.reduce((best, worker) => (worker.busy() < best.busy() ? worker : best));
      if (free.busy() >= MAX_CONCURRENT_CALLS) return;
      onOperation('receive');
      taken += 1;
      free.take(line.shift() as number, handOut);
    }
  };

  return {
    send: (nth, at) => {
      sent += 1;
      longest = Math.max(longest, sent - taken);
      onOperation('send');
      clock.at(toMs(at), () => {
        line.push(nth);
        handOut();
      });
    },
    sent: () => sent,
    longest: () => longest,
  };
}

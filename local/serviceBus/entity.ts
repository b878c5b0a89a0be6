import { advance, nextDueAt } from './queue/due';
import { createQueue, type Queue, type QueuedMessage, type QueueOptions } from './queue/queue';
import { receive, take } from './queue/receive';

/** The longest delay that setTimeout takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A link on which a client receives. */
export interface Consumer {
  readonly mode: 'peekLock' | 'receiveAndDelete';
  /** How many messages it can be given now. */
  capacity(): number;
  deliver(message: QueuedMessage): void;
  /** Called when it has got all there is for it now: a client that drains its credit is waiting to hear that. */
  finishDrain(): void;
}

/** A queue that something can be received from, with its receivers and its one timer. */
export interface Entity {
  readonly queue: Queue;
  /** Set for a dead-letter queue: the queue whose dead letters it holds. */
  readonly deadLetterSource: string | undefined;
  add(consumer: Consumer): void;
  remove(consumer: Consumer): void;
  /** Serves the receivers at the end of this tick; cheap to call often. */
  serveSoon(): void;
  /** Stops the timer for good. */
  stop(): void;
}

export type EntityOptions = Omit<QueueOptions, 'onChange'> & { deadLetterSource?: string };

export function createEntity({ deadLetterSource, ...options }: EntityOptions): Entity {
  const consumers: Consumer[] = [];
  const timer = createTimer(() => serveSoon());
  let isServing = false;
  let isStopped = false;

  const queue = createQueue({ ...options, onChange: () => serveSoon() });

  function serveSoon(): void {
    if (isServing || isStopped) return;
    isServing = true;
    process.nextTick(serve);
  }

  function serve(): void {
    advance(queue);
    deliverAll(queue, consumers);
    for (const consumer of consumers) consumer.finishDrain();
    isServing = false;
    if (!isStopped) timer.arm(nextDueAt(queue) - options.now());
  }

  return {
    queue,
    deadLetterSource,
    add(consumer) {
      consumers.push(consumer);
      serveSoon();
    },
    remove(consumer) {
      const index = consumers.indexOf(consumer);
      if (index >= 0) consumers.splice(index, 1);
    },
    serveSoon,
    stop() {
      isStopped = true;
      timer.disarm();
    },
  };
}

/** Hands out messages in turn while there is one and somebody can take it. */
function deliverAll(queue: Queue, consumers: Consumer[]): void {
  for (;;) {
    const index = consumers.findIndex((consumer) => consumer.capacity() > 0);
    const consumer = consumers[index];
    if (!consumer) return;
    const message = consumer.mode === 'peekLock' ? receive(queue) : take(queue);
    if (!message) return;
    consumer.deliver(message);
    // To the back of the line, so that one receiver with much credit does not get everything.
    consumers.splice(index, 1);
    consumers.push(consumer);
  }
}

/** One timer, set to the earliest time asked for. */
function createTimer(callback: () => void): { arm(delayMs: number): void; disarm(): void } {
  let handle: NodeJS.Timeout | undefined;
  let firesAt = Infinity;

  function disarm(): void {
    clearTimeout(handle);
    firesAt = Infinity;
  }

  return {
    arm(delayMs) {
      const at = performance.now() + delayMs;
      if (at >= firesAt) return;
      disarm();
      firesAt = at;
      const fire = () => {
        firesAt = Infinity;
        callback();
      };
      handle = setTimeout(fire, Math.min(Math.max(delayMs, 1), MAX_TIMER_MS));
    },
    disarm,
  };
}

import { requestsOf } from './cost';
import { type Load, makeLoad, weightOf } from './load';
import type { StepName, Steps } from './steps';

/** What became of one tenant's invitations, and what it took. */
export interface TenantDrain {
  invited: number;
  accepted: number;
  /** Wake-ups left in the tables when the last was accepted. */
  waiting: number;
  /** From the first bulk call to the last acceptance. */
  seconds: number;
  storedAfterSeconds: number;
  refused: number;
  steps: Partial<Record<StepName, number>>;
  ticks: number;
  /** That the ticks took together, waiting between batches included. */
  tickSeconds: number;
  /** Requests of the ticks for wake-ups. */
  tickPages: number;
  gateCalls: { get: number; update: number };
  messages: number;
  /** In the queue at once, at most: due or scheduled. */
  mostQueued: number;
  /** Of all instances together, with a message in hand. */
  activeSeconds: number;
  acceptedByMinute: number[];
  load: Load;
}

export type Tally = ReturnType<typeof makeTally>;

/** Counts while it runs. */
export function makeTally(
  partitions: number,
  { steps, timers }: Pick<Steps, 'steps' | 'timers'>,
  sinceStartMs: () => number,
) {
  const load = makeLoad(partitions);
  const weights = new Map(Object.entries(steps).map(([name, cost]) => [name, weightOf(cost)]));
  const otherTimers = requestsOf(timers.wakeEvents) + requestsOf(timers.wakeWebhookEvents);
  const done: Omit<TenantDrain, 'waiting' | 'messages' | 'mostQueued' | 'activeSeconds'> = {
    invited: 0,
    accepted: 0,
    seconds: 0,
    storedAfterSeconds: 0,
    refused: 0,
    steps: {},
    ticks: 0,
    tickSeconds: 0,
    tickPages: 0,
    gateCalls: { get: 0, update: 0 },
    acceptedByMinute: [],
    load,
  };
  return {
    done,
    /** `laterMs`: within the work that begins now. */
    step: (name: StepName, partition: number, laterMs = 0): void => {
      done.steps[name] = (done.steps[name] ?? 0) + 1;
      if (name === 'bulk') done.invited += 1;
      const weight = weights.get(name);
      if (weight) load.step(sinceStartMs() + laterMs, partition, weight);
    },
    page: (partition: number, entities: number): void => {
      done.tickPages += 1;
      load.step(sinceStartMs(), partition, { requests: 1, entities });
    },
    gate: (operation: 'get' | 'update'): void => {
      done.gateCalls[operation] += 1;
      load.gate(sinceStartMs());
    },
    message: (operation: 'send' | 'receive'): void => load.message(sinceStartMs(), operation),
    tick: (): void => {
      done.ticks += 1;
      load.requests(sinceStartMs(), otherTimers);
    },
    tickOver: (ms: number): void => void (done.tickSeconds += ms / 1000),
    accepted: (): void => {
      const minute = Math.floor(sinceStartMs() / 60_000);
      while (done.acceptedByMinute.length <= minute) done.acceptedByMinute.push(0);
      done.acceptedByMinute[minute] = (done.acceptedByMinute[minute] ?? 0) + 1;
      done.accepted += 1;
      done.seconds = sinceStartMs() / 1000;
    },
    stored: (): void => void (done.storedAfterSeconds = sinceStartMs() / 1000),
  };
}

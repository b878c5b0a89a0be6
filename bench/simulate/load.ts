import { type Cost, requestsOf } from './cost';

/** Second by second what the stores are asked for. Seconds count from the start of the simulation. */
export type Load = ReturnType<typeof makeLoad>;

/** One second of one tenant. */
export interface LoadedSecond {
  requests: number;
  /** Messages sent and received. */
  messageOperations: number;
  /** Of them, those sent. */
  messagesSent: number;
  /** To the gate's entity, a partition of its own. */
  gateRequests: number;
  /** Entities read and written, by partition of table Invitations. */
  entities: Float64Array;
}

/** The busiest second of each kind. */
export interface Peaks {
  requests: number;
  messageOperations: number;
  messagesSent: number;
  gateRequests: number;
  /** Of the partition that has most in a second. */
  partitionEntities: number;
}

const NOTHING = { requests: 0, messageOperations: 0, messagesSent: 0, gateRequests: 0 };

export function makeLoad(partitions: number) {
  const seconds: LoadedSecond[] = [];

  const secondAt = (atMs: number): LoadedSecond => {
    const at = Math.floor(atMs / 1000);
    while (seconds.length <= at) {
      seconds.push({ ...NOTHING, entities: new Float64Array(partitions) });
    }
    return seconds[at] as LoadedSecond;
  };

  return {
    seconds: (): readonly LoadedSecond[] => seconds,
    /** A step on an invitation of that partition. */
    step: (atMs: number, partition: number, weight: StepWeight): void => {
      const second = secondAt(atMs);
      second.requests += weight.requests;
      second.entities[partition] = (second.entities[partition] ?? 0) + weight.entities;
    },
    /** To all partitions alike, or to other tables. */
    requests: (atMs: number, count: number): void => void (secondAt(atMs).requests += count),
    gate: (atMs: number): void => {
      const second = secondAt(atMs);
      second.requests += 1;
      second.gateRequests += 1;
    },
    message: (atMs: number, operation: 'send' | 'receive'): void => {
      const second = secondAt(atMs);
      second.messageOperations += 1;
      if (operation === 'send') second.messagesSent += 1;
    },
    peaks: (): Peaks => peaksOf(seconds),
  };
}

/** A cost as the load of a second counts it. */
export interface StepWeight {
  requests: number;
  entities: number;
}

export const weightOf = (cost: Cost): StepWeight => ({ requests: requestsOf(cost), entities: cost.entities });

export function peaksOf(seconds: readonly LoadedSecond[]): Peaks {
  const peaks: Peaks = { ...NOTHING, partitionEntities: 0 };
  for (const { requests, messageOperations, messagesSent, gateRequests, entities } of seconds) {
    peaks.requests = Math.max(peaks.requests, requests);
    peaks.messageOperations = Math.max(peaks.messageOperations, messageOperations);
    peaks.messagesSent = Math.max(peaks.messagesSent, messagesSent);
    peaks.gateRequests = Math.max(peaks.gateRequests, gateRequests);
    for (const count of entities) peaks.partitionEntities = Math.max(peaks.partitionEntities, count);
  }
  return peaks;
}

import type { AmqpMessage } from '../amqpMessage';
import { createHeap, type Heap } from './heap';
import { createSeenMessageIds, type SeenMessageIds } from './seenMessageIds';

/** `gone`: completed, cancelled, expired, dead-lettered or wiped; heaps drop such a message when they come to it. */
export type MessageState = 'scheduled' | 'active' | 'locked' | 'deferred' | 'gone';

export interface QueuedMessage {
  /** Changes once, when a scheduled message becomes active. */
  sequenceNumber: number;
  /** The first sequence number the message had in any queue. */
  readonly enqueuedSequenceNumber: number;
  readonly scheduledAt: number | undefined;
  enqueuedAt: number;
  expiresAt: number;
  /** Failed deliveries so far: 0 while the first receiver holds it. */
  deliveryCount: number;
  state: MessageState;
  /** Stays true while a deferred message is locked. */
  isDeferred: boolean;
  lock: { readonly token: string; until: number } | undefined;
  content: AmqpMessage;
}

export interface QueueOptions {
  /** Epoch milliseconds. */
  now: () => number;
  lockDurationMs: number;
  maxDeliveryCount: number;
  /** 0: no duplicate detection. */
  duplicateDetectionMs: number;
  /** Where messages go that nobody could handle. A queue without one is a dead-letter queue itself. */
  deadLetters?: Queue;
  /** Called when a receiver may be served, or when `nextDueAt` may have moved to an earlier time. */
  onChange: () => void;
}

/**
 * A Service Bus queue in memory. Nothing here waits or does I/O: `advance` does what has fallen due by the clock, and
 * every operation calls it first, so an answer never depends on when a timer fired.
 */
export interface Queue extends Omit<QueueOptions, 'duplicateDetectionMs'> {
  nextSequenceNumber: number;
  scheduledCount: number;
  /** In the order of their sequence numbers. */
  readonly messages: Map<number, QueuedMessage>;
  readonly ready: Heap<QueuedMessage>;
  readonly scheduled: Heap<QueuedMessage>;
  readonly expiring: Heap<{ readonly message: QueuedMessage; readonly at: number }>;
  /** By lock token, the lock that ends first in front. */
  readonly locks: Map<string, QueuedMessage>;
  /** No lock ends before this instant. */
  locksDueAt: number;
  readonly seenMessageIds: SeenMessageIds;
}

export function createQueue({ duplicateDetectionMs, ...options }: QueueOptions): Queue {
  return {
    ...options,
    nextSequenceNumber: 1,
    scheduledCount: 0,
    messages: new Map(),
    ready: createHeap((a, b) => a.sequenceNumber < b.sequenceNumber),
    scheduled: createHeap((a, b) => scheduleOrder(a, b) < 0),
    expiring: createHeap((a, b) => a.at < b.at),
    locks: new Map(),
    locksDueAt: Infinity,
    seenMessageIds: createSeenMessageIds(duplicateDetectionMs),
  };
}

/** Locked and deferred messages count as active: they are the queue's to keep. */
export function countMessages(queue: Queue): { active: number; scheduled: number } {
  return { active: queue.messages.size - queue.scheduledCount, scheduled: queue.scheduledCount };
}

function scheduleOrder(a: QueuedMessage, b: QueuedMessage): number {
  return (a.scheduledAt ?? 0) - (b.scheduledAt ?? 0) || a.sequenceNumber - b.sequenceNumber;
}

import { randomUUID } from 'node:crypto';
import { advance } from './due';
import type { Queue, QueuedMessage } from './queue';
import { remove } from './transitions';

/** Locks the oldest message that is available. */
export function receive(queue: Queue): QueuedMessage | undefined {
  const message = nextReady(queue);
  if (message) lock(queue, message);
  return message;
}

/** Receive-and-delete: whoever gets the message is the only one that has it. */
export function take(queue: Queue): QueuedMessage | undefined {
  const message = nextReady(queue);
  if (message) remove(queue, message);
  return message;
}

/** Locks (or deletes) deferred messages by their sequence numbers: all of them, or none when one is missing. */
export function receiveDeferred(
  queue: Queue,
  sequenceNumbers: number[],
  mode: 'lock' | 'delete',
): QueuedMessage[] | 'notFound' {
  advance(queue);
  const found: QueuedMessage[] = [];
  for (const sequenceNumber of sequenceNumbers) {
    const message = queue.messages.get(sequenceNumber);
    if (message?.state !== 'deferred') return 'notFound';
    found.push(message);
  }
  for (const message of found) {
    if (mode === 'lock') lock(queue, message);
    else remove(queue, message);
  }
  return found;
}

/** Starts the lock's whole duration again and returns the new end, or says that the lock was lost. */
export function renewLock(queue: Queue, token: string): number | 'lockLost' {
  advance(queue);
  const message = queue.locks.get(token);
  if (!message?.lock) return 'lockLost';
  message.lock.until = queue.now() + queue.lockDurationMs;
  // Back to the end: the map's order is the order in which locks end.
  queue.locks.delete(token);
  queue.locks.set(token, message);
  return message.lock.until;
}

function nextReady(queue: Queue): QueuedMessage | undefined {
  advance(queue);
  let message = queue.ready.pop();
  while (message && message.state !== 'active') message = queue.ready.pop();
  return message;
}

function lock(queue: Queue, message: QueuedMessage): void {
  // Never a counter: a token from before a restart must not open a lock of today.
  const token = randomUUID();
  const until = queue.now() + queue.lockDurationMs;
  message.lock = { token, until };
  message.state = 'locked';
  queue.locks.set(token, message);
  queue.locksDueAt = Math.min(queue.locksDueAt, until);
  queue.onChange();
}

import { advance } from './due';
import type { Queue, QueuedMessage } from './queue';

/** Up to `count` messages of any state from a sequence number on, in order; nothing is locked. */
export function peek(queue: Queue, fromSequenceNumber: number, count: number): QueuedMessage[] {
  advance(queue);
  const found: QueuedMessage[] = [];
  const first = queue.messages.keys().next().value ?? queue.nextSequenceNumber;
  // Looking numbers up one by one costs what lies between them, not what lies before.
  for (let next = Math.max(fromSequenceNumber, first); next < queue.nextSequenceNumber; next++) {
    if (found.length >= count) break;
    const message = queue.messages.get(next);
    if (message) found.push(message);
  }
  return found;
}

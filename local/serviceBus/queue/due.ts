import type { Queue, QueuedMessage } from './queue';
import { enqueue, remove, unlock } from './transitions';

/** Releases scheduled messages, ends locks and drops expired messages, as far as the clock has come. */
export function advance(queue: Queue): void {
  const now = queue.now();
  releaseScheduled(queue, now);
  endLocks(queue, now);
  dropExpired(queue, now);
}

/** When `advance` has something to do again, or a little before; `Infinity` when nothing is pending. */
export function nextDueAt(queue: Queue): number {
  return Math.min(
    queue.scheduled.peek()?.scheduledAt ?? Infinity,
    queue.expiring.peek()?.at ?? Infinity,
    queue.locksDueAt,
  );
}

function releaseScheduled(queue: Queue, now: number): void {
  for (let next = queue.scheduled.peek(); next && (next.scheduledAt ?? 0) <= now; next = queue.scheduled.peek()) {
    queue.scheduled.pop();
    if (next.state === 'scheduled') release(queue, next);
  }
}

/** The message joins the queue as if it had been sent now, so it gets a new sequence number. */
function release(queue: Queue, message: QueuedMessage): void {
  queue.messages.delete(message.sequenceNumber);
  queue.scheduledCount -= 1;
  message.sequenceNumber = queue.nextSequenceNumber++;
  queue.messages.set(message.sequenceNumber, message);
  enqueue(queue, message);
}

function endLocks(queue: Queue, now: number): void {
  if (now < queue.locksDueAt) return;
  queue.locksDueAt = Infinity;
  for (const message of queue.locks.values()) {
    const until = message.lock?.until ?? 0;
    if (until > now) {
      queue.locksDueAt = until;
      return;
    }
    unlock(queue, message, { hasFailed: true });
  }
}

function dropExpired(queue: Queue, now: number): void {
  for (let next = queue.expiring.peek(); next && next.at <= now; next = queue.expiring.peek()) {
    queue.expiring.pop();
    // A locked message may still be completed; if it is not, unlocking drops it.
    if (next.message.state !== 'locked') remove(queue, next.message);
  }
}

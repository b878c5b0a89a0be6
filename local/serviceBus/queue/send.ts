import type { AmqpMessage } from '../amqpMessage';
import { advance } from './due';
import type { Queue, QueuedMessage } from './queue';
import { enqueue, remove } from './transitions';

export interface Submission {
  /** What duplicate detection goes by. */
  messageId: string;
  /** Epoch milliseconds; a time that has passed means now. */
  scheduledAt: number | undefined;
  content: AmqpMessage;
}

/**
 * Stores the message and returns its sequence number, by which a scheduled one can be cancelled.
 *
 * A repeated MessageId is dropped without a word, scheduled or not, and its number leads nowhere.
 */
export function send(queue: Queue, { messageId, scheduledAt, content }: Submission): number {
  advance(queue);
  const now = queue.now();
  const sequenceNumber = queue.nextSequenceNumber++;
  if (queue.seenMessageIds.isRepeat(messageId, now)) return sequenceNumber;

  const message: QueuedMessage = {
    sequenceNumber,
    enqueuedSequenceNumber: sequenceNumber,
    scheduledAt,
    enqueuedAt: now,
    expiresAt: Infinity,
    deliveryCount: 0,
    state: 'scheduled',
    isDeferred: false,
    lock: undefined,
    content,
  };
  queue.messages.set(sequenceNumber, message);
  if (scheduledAt !== undefined && scheduledAt > now) schedule(queue, message);
  else enqueue(queue, message);
  return sequenceNumber;
}

/** Cancels all of them, or none when one of them is not a scheduled message. */
export function cancelScheduled(queue: Queue, sequenceNumbers: number[]): 'cancelled' | 'notFound' {
  advance(queue);
  const messages = sequenceNumbers.map((sequenceNumber) => queue.messages.get(sequenceNumber));
  if (!messages.every((message) => message?.state === 'scheduled')) return 'notFound';
  for (const message of messages) if (message) remove(queue, message);
  return 'cancelled';
}

function schedule(queue: Queue, message: QueuedMessage): void {
  queue.scheduledCount += 1;
  queue.scheduled.push(message);
  queue.onChange();
}

import type { Queue, QueuedMessage } from './queue';

/** Starts the message's time to live and offers it to receivers. */
export function enqueue(queue: Queue, message: QueuedMessage): void {
  message.enqueuedAt = queue.now();
  if (message.content.ttl !== undefined) {
    message.expiresAt = message.enqueuedAt + message.content.ttl;
    queue.expiring.push({ message, at: message.expiresAt });
  }
  activate(queue, message);
}

/** Loses everything, as a broker does that comes back with an empty disk. Sequence numbers go on. */
export function wipe(queue: Queue): void {
  for (const message of queue.messages.values()) remove(queue, message);
  queue.seenMessageIds.clear();
}

/** Takes the message out of the queue for good. Does nothing when it is gone already. */
export function remove(queue: Queue, message: QueuedMessage): void {
  if (message.state === 'gone') return;
  if (message.state === 'scheduled') queue.scheduledCount -= 1;
  if (message.lock) queue.locks.delete(message.lock.token);
  queue.messages.delete(message.sequenceNumber);
  message.lock = undefined;
  message.state = 'gone';
}

/** Ends the lock; the message goes back to its place, to the dead letters after too many failures, or expires. */
export function unlock(queue: Queue, message: QueuedMessage, { hasFailed }: { hasFailed: boolean }): void {
  if (message.lock) queue.locks.delete(message.lock.token);
  message.lock = undefined;
  if (hasFailed) message.deliveryCount += 1;
  if (message.expiresAt <= queue.now()) remove(queue, message);
  else if (hasFailed && queue.deadLetters && message.deliveryCount >= queue.maxDeliveryCount) {
    moveToDeadLetters(queue, queue.deadLetters, message, {
      DeadLetterReason: 'MaxDeliveryCountExceeded',
      DeadLetterErrorDescription: `Message could not be consumed after ${queue.maxDeliveryCount} delivery attempts.`,
    });
  } else if (message.isDeferred) message.state = 'deferred';
  else activate(queue, message);
}

/** The dead letter keeps its history and has no time to live any more. */
export function moveToDeadLetters(
  queue: Queue,
  deadLetters: Queue,
  message: QueuedMessage,
  properties: Record<string, unknown>,
): void {
  remove(queue, message);
  const sequenceNumber = deadLetters.nextSequenceNumber++;
  const deadLetter: QueuedMessage = {
    ...message,
    sequenceNumber,
    expiresAt: Infinity,
    isDeferred: false,
    lock: undefined,
  };
  setProperties(deadLetter, properties);
  deadLetters.messages.set(sequenceNumber, deadLetter);
  activate(deadLetters, deadLetter);
}

/** Merges into the application properties; properties without a value are left out. */
export function setProperties(message: QueuedMessage, properties: Record<string, unknown> | undefined): void {
  const given = Object.entries(properties ?? {}).filter(([, value]) => value !== undefined && value !== null);
  if (given.length === 0) return;
  const { application_properties, ...content } = message.content;
  message.content = { ...content, application_properties: { ...application_properties, ...Object.fromEntries(given) } };
}

function activate(queue: Queue, message: QueuedMessage): void {
  message.state = 'active';
  queue.ready.push(message);
  queue.onChange();
}

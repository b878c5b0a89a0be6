import { randomUUID } from 'node:crypto';
import type { AmqpMessage } from './amqpMessage';
import type { QueuedMessage } from './queue/queue';
import type { Submission } from './queue/send';
import { decodeMessage, encodeMessage, int, long } from './rhea';

const MESSAGE_STATES = { active: 0, locked: 0, gone: 0, deferred: 1, scheduled: 2 };

/** A message without an id gets one: lock renewal in the client and duplicate detection here go by it. */
export function toSubmission(payload: Buffer): Submission {
  const message = decodeMessage(payload);
  const message_id = message.message_id ?? randomUUID();
  const scheduledAt = message.message_annotations?.['x-opt-scheduled-enqueue-time'];
  return {
    messageId: Buffer.isBuffer(message_id) ? message_id.toString('hex') : String(message_id),
    scheduledAt: scheduledAt instanceof Date ? scheduledAt.getTime() : undefined,
    content: { ...message, message_id },
  };
}

/** Each data section of a batch is one encoded message. */
export function toSubmissions(batch: Buffer): Submission[] {
  const { content } = decodeMessage(batch).body as { content: Buffer | Buffer[] };
  return (Array.isArray(content) ? content : [content]).map(toSubmission);
}

/** `deadLetterSource` is the queue that the message was dead-lettered in, for messages of a dead-letter queue. */
export function encodeQueued(message: QueuedMessage, deadLetterSource: string | undefined): Buffer {
  const annotations: AmqpMessage['message_annotations'] = {
    ...message.content.message_annotations,
    'x-opt-sequence-number': long(message.sequenceNumber),
    'x-opt-enqueue-sequence-number': long(message.enqueuedSequenceNumber),
    'x-opt-enqueued-time': new Date(message.enqueuedAt),
    'x-opt-message-state': int(message.isDeferred ? MESSAGE_STATES.deferred : MESSAGE_STATES[message.state]),
  };
  if (message.lock) annotations['x-opt-locked-until'] = new Date(message.lock.until);
  if (deadLetterSource !== undefined) annotations['x-opt-deadletter-source'] = deadLetterSource;
  return encodeMessage({
    ...message.content,
    delivery_count: message.deliveryCount,
    message_annotations: annotations,
  });
}

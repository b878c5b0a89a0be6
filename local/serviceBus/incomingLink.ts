import { acceptAttach, isTooLarge } from './attach';
import { BATCH_FORMAT } from './amqpServer';
import type { Entity } from './entity';
import { send, type Submission } from './queue/send';
import { answerDelivery, type AmqpError, type RheaReceiver } from './rhea';
import { toSubmission, toSubmissions } from './wireMessage';

/** Lets a client send messages, or batches of them, to the queue. A batch is stored as a whole or not at all. */
export function acceptSending(link: RheaReceiver, entity: Entity): void {
  acceptAttach(link);
  link.on('message', ({ message: payload, format, delivery }) => {
    const parsed = parse(payload, format);
    if (Array.isArray(parsed)) {
      for (const submission of parsed) send(entity.queue, submission);
      answerDelivery(delivery);
    } else answerDelivery(delivery, parsed);
  });
}

function parse(payload: Buffer, format: number): Submission[] | AmqpError {
  if (isTooLarge(payload)) {
    return {
      condition: 'amqp:link:message-size-exceeded',
      description: `The message has ${payload.length} bytes, which is more than the queue takes.`,
    };
  }
  try {
    return format === BATCH_FORMAT ? toSubmissions(payload) : [toSubmission(payload)];
  } catch (error) {
    return { condition: 'amqp:decode-error', description: `The message is not AMQP: ${String(error)}` };
  }
}

import { randomUUID } from 'node:crypto';
import type { AmqpMessage } from './amqpMessage';
import { acceptAttach } from './attach';
import { toDeliveryTag } from './lockToken';
import { answerDelivery, decodeMessage, encodeMessage, type RheaReceiver, type RheaSender } from './rhea';

const SENDS_SETTLED = 1;

export type Reply = Pick<AmqpMessage, 'application_properties' | 'body'>;

/** Takes requests on the link; each reply goes out on the link of the same connection that `reply_to` names. */
export function acceptRequests(link: RheaReceiver, handle: (request: AmqpMessage) => Reply): void {
  acceptAttach(link);
  link.on('message', ({ message: payload, delivery, connection }) => {
    const request = decodeMessage(payload);
    answerDelivery(delivery);
    const reply = {
      ...handle(request),
      ...(request.message_id !== undefined && { correlation_id: request.message_id }),
    };
    const replyLink = connection.find_sender(({ name }) => name === request.reply_to);
    replyLink?.send(encodeMessage(reply), toDeliveryTag(randomUUID()), 0);
  });
}

/** Replies need no settling: a client that misses one asks again. */
export function acceptReplying(link: RheaSender): void {
  acceptAttach(link);
  link.local.attach.snd_settle_mode = SENDS_SETTLED;
}

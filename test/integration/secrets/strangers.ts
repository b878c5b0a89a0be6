import { ServiceBusClient } from '@azure/service-bus';
import { QUEUE } from '../../support/wholeApp';
import { PLANTED, PLANTED_URL, addressOf } from './canaries';

const ADDRESS = addressOf('sent.one');

/** Messages that are no hints, each with an address or a ticket in it. */
export const NO_HINTS = [
  `no JSON: ${ADDRESS} ${PLANTED_URL}`,
  { email: ADDRESS, url: PLANTED_URL },
  { id: ADDRESS },
  { [ADDRESS]: PLANTED },
  [ADDRESS, PLANTED],
];

/** Somebody else with the right to send to the queue, who puts an address and a redeem URL wherever there is room. */
export function makeStranger(connectionString: string) {
  const client = new ServiceBusClient(connectionString);

  const send = async (...bodies: unknown[]): Promise<void> => {
    const sender = client.createSender(QUEUE);
    const envelope = { messageId: ADDRESS, subject: PLANTED_URL, applicationProperties: { to: ADDRESS } };
    await sender.sendMessages(bodies.map((body) => ({ body, ...envelope })));
    await sender.close();
  };

  /** Puts messages away with words of their own. Nobody else may be receiving. */
  const deadLetter = async (...bodies: unknown[]): Promise<void> => {
    await send(...bodies);
    const receiver = client.createReceiver(QUEUE);
    let left = bodies.length;
    while (left > 0) {
      for (const message of await receiver.receiveMessages(10, { maxWaitTimeInMs: 2_000 })) {
        if (message.messageId !== ADDRESS) continue;
        await receiver.deadLetterMessage(message, { deadLetterReason: ADDRESS, deadLetterErrorDescription: PLANTED });
        left -= 1;
      }
    }
    await receiver.close();
  };
  return { send, deadLetter, close: () => client.close() };
}

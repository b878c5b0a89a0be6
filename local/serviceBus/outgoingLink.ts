import { randomUUID } from 'node:crypto';
import { SESSION_FLOW } from './amqpServer';
import { acceptAttach, onceGone } from './attach';
import type { Consumer, Entity } from './entity';
import { fromDeliveryTag, toDeliveryTag } from './lockToken';
import { settle, type Settlement } from './queue/settle';
import { answerDelivery, type RheaDelivery, type RheaEvent, type RheaSender } from './rhea';
import { encodeQueued } from './wireMessage';

const SENDS_SETTLED = 1;

export const LOCK_LOST = {
  condition: 'com.microsoft:message-lock-lost',
  description:
    'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.',
};

/** Lets a client receive from the queue and settle what it received. */
export function acceptReceiving(link: RheaSender, entity: Entity): void {
  acceptAttach(link);
  settleOutcomes(link, entity);
  const consumer = toConsumer(link, entity);
  link.session.on(SESSION_FLOW, () => entity.serveSoon());
  onceGone(link, () => entity.remove(consumer));
  // Not before the attach is written, which rhea does at the end of this tick: a transfer must not come first.
  process.nextTick(() => {
    if (!link.is_closed()) entity.add(consumer);
  });
}

function toConsumer(link: RheaSender, entity: Entity): Consumer {
  let isDrained = false;
  // rhea's own answers a drain only while credit is left, and a client that just got its last message waits for it too.
  link._get_drain = () => {
    if (!isDrained) return false;
    isDrained = false;
    link.delivery_count += link.credit;
    link.credit = 0;
    return true;
  };
  return {
    mode: link.snd_settle_mode === SENDS_SETTLED ? 'receiveAndDelete' : 'peekLock',
    capacity: () => sendCapacity(link),
    deliver(message) {
      const tag = toDeliveryTag(message.lock?.token ?? randomUUID());
      link.send(encodeQueued(message, entity.deadLetterSource), tag, 0);
    },
    finishDrain() {
      if (!link._draining) return;
      link._draining = false;
      isDrained = true;
      link.issue_flow = true;
      link.connection._register();
    },
  };
}

/** rhea sends at the end of the tick and takes what it sends off the credit then, so what is waiting counts here. */
function sendCapacity(link: RheaSender): number {
  const { outgoing } = link.session;
  const unsent = outgoing.next_delivery_id - outgoing.next_pending_delivery;
  return Math.min(Math.min(link.credit, outgoing.transfer_window()) - unsent, outgoing.available());
}

function settleOutcomes(link: RheaSender, entity: Entity): void {
  const settleAs = (outcome: string, toSettlement: (delivery: RheaDelivery) => Settlement) => {
    link.on(outcome, ({ delivery }: RheaEvent) => {
      const result = settle(entity.queue, fromDeliveryTag(delivery.tag), toSettlement(delivery));
      answerDelivery(delivery, result === 'lockLost' ? LOCK_LOST : undefined);
    });
  };
  settleAs('accepted', () => ({ type: 'complete' }));
  settleAs('released', () => ({ type: 'release' }));
  settleAs('rejected', ({ remote_state }) => ({ type: 'deadLetter', properties: remote_state?.error?.info }));
  settleAs('modified', ({ remote_state }) => ({
    type: remote_state?.undeliverable_here ? 'defer' : 'abandon',
    properties: remote_state?.message_annotations,
  }));
}

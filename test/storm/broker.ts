import { advance, nextDueAt } from '../../local/serviceBus/queue/due';
import { type Queue, type QueuedMessage, countMessages, createQueue } from '../../local/serviceBus/queue/queue';
import { receive } from '../../local/serviceBus/queue/receive';
import { send } from '../../local/serviceBus/queue/send';
import { settle } from '../../local/serviceBus/queue/settle';
import { unlock, wipe } from '../../local/serviceBus/queue/transitions';
import { HINT_TIMEOUT_MS, type HintSender } from '../../shared/queue/hintSender';
import { toMessage } from '../../shared/queue/hints';
import { type Random, between } from './seededRandom';
import type { VirtualClock } from './virtualClock';

/** Looks at one message; its message is completed when this returns and given back when it throws. */
export type Handler = (body: unknown, enqueuedAtMs: number) => Promise<void>;

export interface Receiver {
  handle: Handler;
  handleDeadLetter: Handler;
  maxConcurrentCalls: number;
}

export type Broker = ReturnType<typeof makeBroker>;

const BATCH = 100;
const RULES = { lockDurationMs: 300_000, maxDeliveryCount: 10, duplicateDetectionMs: 600_000 };

/** The Service Bus stand-in's own queue on the virtual clock, with a dead-letter queue and receivers as a Functions host is. */
export function makeBroker(clock: VirtualClock, random: Random) {
  const receivers: (Receiver & { busy: number })[] = [];
  const counts = { deliveries: 0, deadLetters: 0, most: 0 };
  let isUp = true;
  let pumpPlannedAt = Infinity;
  let turn = 0;

  const planPump = (atMs: number): void => {
    if (atMs >= pumpPlannedAt) return;
    pumpPlannedAt = atMs;
    clock.at(atMs, () => {
      // An earlier one was planned since, and has planned what comes after it.
      if (pumpPlannedAt !== atMs) return;
      pumpPlannedAt = Infinity;
      pump();
    });
  };
  const onChange = () => planPump(clock.nowMs() + 1);
  const deadLetters = createQueue({ ...RULES, now: clock.nowMs, onChange });
  const queue = createQueue({ ...RULES, now: clock.nowMs, deadLetters, onChange });

  const deliver = async (from: Queue, message: QueuedMessage, receiver: Receiver & { busy: number }): Promise<void> => {
    const token = message.lock?.token ?? '';
    receiver.busy += 1;
    counts.deliveries += 1;
    counts.deadLetters += from === deadLetters ? 1 : 0;
    const handle = from === deadLetters ? receiver.handleDeadLetter : receiver.handle;
    await clock.sleep(between(random, 1, 3));
    const isDone = await handle(message.content.body, message.enqueuedAt).then(
      () => true,
      () => false,
    );
    receiver.busy -= 1;
    // With the broker gone nothing can be settled: the message comes again.
    if (isUp) settle(from, token, { type: isDone ? 'complete' : 'abandon' });
    onChange();
  };

  const pump = (): void => {
    if (!isUp) return;
    for (const from of [queue, deadLetters]) {
      advance(from);
      for (let free = nextFree(); free; free = nextFree()) {
        const message = receive(from);
        if (!message) break;
        void deliver(from, message, free);
      }
      planPump(Math.max(nextDueAt(from), clock.nowMs() + 1));
    }
    counts.most = Math.max(counts.most, countMessages(queue).active);
  };

  const nextFree = () => {
    turn += 1;
    return receivers
      .map((_, index) => receivers[(index + turn) % receivers.length])
      .find((receiver) => receiver !== undefined && receiver.busy < receiver.maxConcurrentCalls);
  };

  const push = (body: unknown, messageId: string, scheduledAt?: number): void =>
    void send(queue, { messageId, scheduledAt, content: { body } });

  const hints: HintSender = {
    send: async (all, sentBy, now, timeoutMs?: number) => {
      let allSent = true;
      for (let start = 0; start < all.length; start += BATCH) {
        await clock.sleep(isUp ? between(random, 2, 8) : (timeoutMs ?? HINT_TIMEOUT_MS));
        allSent &&= isUp;
        if (!isUp) continue;
        for (const { body, messageId, scheduledEnqueueTimeUtc } of all
          .slice(start, start + BATCH)
          .map((hint) => toMessage(hint, sentBy, now))) {
          push(body, String(messageId), scheduledEnqueueTimeUtc?.getTime());
        }
      }
      return allSent;
    },
    check: () => (isUp ? Promise.resolve() : Promise.reject(new Error('The broker is away.'))),
  };

  /** Away for a while; locks end with the connections, messages stay. */
  const restart = async (awayMs: number): Promise<void> => {
    isUp = false;
    await clock.sleep(awayMs);
    for (const from of [queue, deadLetters]) {
      for (const message of [...from.locks.values()]) unlock(from, message, { hasFailed: true });
    }
    isUp = true;
    onChange();
  };

  return {
    hints,
    counts,
    push,
    restart,
    attach: (receiver: Receiver) => void receivers.push({ ...receiver, busy: 0 }),
    /** Comes back with nothing. */
    wipe: () => [queue, deadLetters].forEach(wipe),
    isIdle: () => receivers.every(({ busy }) => busy === 0) && countMessages(queue).active === 0,
  };
}

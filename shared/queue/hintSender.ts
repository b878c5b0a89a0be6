import type { ServiceBusClient, ServiceBusMessage, ServiceBusSender } from '@azure/service-bus';
import type { Instant } from '../domain/time';
import { carriedTrace } from '../telemetry/carriedTrace';
import { inSpan } from '../telemetry/span';
import { type EventHint, toEventMessage } from './eventHints';
import { type Hint, toMessage } from './hints';
import { together } from './together';
import { type WebhookHint, toWebhookMessage } from './webhookHints';

/** What sending a hint may cost, besides its wait for the one before it. Its wake-up is written already, so the next tick makes up for it. */
export const HINT_TIMEOUT_MS = 1000;
/** One call of the client, and one frame to the broker. */
export const HINTS_A_BATCH = 100;
/** A hint waits for the one that is on its way, so that those of many requests at once go out together; this long at most. */
const LONGEST_WAIT_MS = 20;

type Client = () => Promise<ServiceBusClient>;

/** Sends hints to look at an invitation. */
export const makeHintSender = (client: Client, queue: string) => makeSender<Hint>(client, queue, toMessage);
export type HintSender = ReturnType<typeof makeHintSender>;

/** Sends hints to deliver an event. */
export const makeEventHintSender = (client: Client, queue: string) =>
  makeSender<EventHint>(client, queue, toEventMessage);
export type EventHintSender = ReturnType<typeof makeEventHintSender>;

/** Sends hints to look at a webhook event. */
export const makeWebhookHintSender = (client: Client, queue: string) =>
  makeSender<WebhookHint>(client, queue, toWebhookMessage);
export type WebhookHintSender = ReturnType<typeof makeWebhookHintSender>;

/** Sends hints, best effort: false means that some did not get through in time, which does no harm. */
function makeSender<T>(
  client: Client,
  queue: string,
  toMessage: (hint: T, sentBy: string, now: Instant) => ServiceBusMessage,
) {
  let open: Promise<ServiceBusSender> | undefined;
  const sender = (): Promise<ServiceBusSender> => {
    open ??= client().then((connected) => connected.createSender(queue));
    // Not being able to connect once must not be for ever.
    open.catch(() => (open = undefined));
    return open;
  };

  const trySend = async (messages: ServiceBusMessage[], timeoutMs: number): Promise<boolean> => {
    const limit = new AbortController();
    const sending = sender().then((ready) => ready.sendMessages(messages, { abortSignal: limit.signal }));
    let timer: NodeJS.Timeout | undefined;
    // The client can hang past its own limits while it reconnects, so the limit is kept here as well.
    const expired = new Promise<false>((resolve) => {
      timer = setTimeout(() => {
        limit.abort();
        resolve(false);
      }, timeoutMs).unref();
    });
    const isThrough = await Promise.race([
      sending.then(
        () => true,
        () => false,
      ),
      expired,
    ]);
    clearTimeout(timer);
    return isThrough;
  };

  /** Of requests that come in at once each has a hint to send: together they cost the broker and us one message. */
  const sendTogether = together(
    (asked: { message: ServiceBusMessage; timeoutMs: number }[]) =>
      trySend(
        asked.map(({ message }) => message),
        Math.min(...asked.map(({ timeoutMs }) => timeoutMs)),
      ),
    { most: HINTS_A_BATCH, longestWaitMs: LONGEST_WAIT_MS },
  );

  /** Stops at the first batch that does not get through: a broker that is away costs one limit, not one a batch. */
  const send = async (hints: T[], sentBy: string, now: Instant, timeoutMs = HINT_TIMEOUT_MS): Promise<boolean> => {
    for (let start = 0; start < hints.length; start += HINTS_A_BATCH) {
      const batch = hints.slice(start, start + HINTS_A_BATCH);
      const isSent = await inSpan(spanOf(queue, batch.length), async (span) => {
        const trace = carriedTrace();
        const isThrough = await sendTogether(
          batch.map((hint) => ({ message: { ...toMessage(hint, sentBy, now), ...trace }, timeoutMs })),
        );
        if (!isThrough) span.fail('notSent');
        return isThrough;
      });
      if (!isSent) return false;
    }
    return true;
  };

  /** Whether the queue can be reached: opens the link, sends nothing. */
  const check = async (timeoutMs: number): Promise<void> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const expired = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error(`no answer in ${timeoutMs} ms`)), { once: true }),
    );
    await Promise.race([sender().then((ready) => ready.createMessageBatch({ abortSignal: signal })), expired]);
  };

  return { send, check };
}

/** https://opentelemetry.io/docs/specs/semconv/messaging/azure-messaging/ */
const spanOf = (queue: string, count: number) => ({
  name: `send ${queue}`,
  kind: 'producer' as const,
  attributes: {
    'messaging.system': 'servicebus',
    'messaging.operation.type': 'send',
    'messaging.destination.name': queue,
    'messaging.batch.message_count': count,
  },
});

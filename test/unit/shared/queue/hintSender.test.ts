import type { ServiceBusClient, ServiceBusMessage } from '@azure/service-bus';
import { type Hint } from '../../../../shared/queue/hints';
import { makeHintSender } from '../../../../shared/queue/hintSender';
import { within } from '../../../../shared/telemetry/invocation';

const ID = '019cadc6-9a80-7abc-8def-01234567890b';
const NOW = '2026-03-02T09:00:00.000Z';
const hints = (count: number): Hint[] =>
  Array.from({ length: count }, (_, index) => ({ id: ID, wakeUp: `w-${index}`, at: NOW }));

/** A broker's client that does with every batch what a test says. */
function brokerThat(sendMessages: (messages: ServiceBusMessage[]) => Promise<void>) {
  let connections = 0;
  const client = () => {
    connections += 1;
    return Promise.resolve({ createSender: () => ({ sendMessages }) } as unknown as ServiceBusClient);
  };
  return { client, connections: () => connections };
}

it('sends all of them, a hundred at a time, over one connection', async () => {
  const batches: ServiceBusMessage[][] = [];
  const broker = brokerThat((messages) => {
    batches.push(messages);
    return Promise.resolve();
  });
  const { send } = makeHintSender(broker.client, 'invitations');
  expect(await send(hints(250), 'tick-1', NOW)).toBe(true);
  expect(await send(hints(1), 'tick-2', NOW)).toBe(true);
  expect(batches.map(({ length }) => length)).toEqual([100, 100, 50, 1]);
  expect(batches.flat().map(({ messageId }) => messageId)).toContain('w-249~tick-1');
  expect(broker.connections()).toBe(1);
});

it('sends what several ask for at once as one message batch, each under the name of who sent it', async () => {
  const batches: ServiceBusMessage[][] = [];
  const broker = brokerThat((messages) => {
    batches.push(messages);
    return Promise.resolve();
  });
  const { send } = makeHintSender(broker.client, 'invitations');
  expect(await Promise.all([send(hints(1), 'a', NOW), send(hints(2), 'b', NOW), send(hints(1), 'c', NOW)])).toEqual([
    true,
    true,
    true,
  ]);
  expect(batches.map((messages) => messages.map(({ messageId }) => messageId))).toEqual([
    ['w-0~a', 'w-0~b', 'w-1~b', 'w-0~c'],
  ]);
});

it('keeps the limit of who can wait least for all that go together', async () => {
  const { send } = makeHintSender(brokerThat(() => new Promise(() => undefined)).client, 'invitations');
  expect(await Promise.all([send(hints(1), 'a', NOW, 60_000), send(hints(1), 'b', NOW, 20)])).toEqual([false, false]);
});

it('sends nothing for no hints', async () => {
  const { send } = makeHintSender(() => Promise.reject(new Error('asked for')), 'invitations');
  expect(await send([], 'tick-1', NOW)).toBe(true);
});

it('says that it did not send when the broker refuses, and does not throw', async () => {
  const { send } = makeHintSender(brokerThat(() => Promise.reject(new Error('no'))).client, 'invitations');
  expect(await send(hints(1), 'tick-1', NOW)).toBe(false);
});

it('gives up when its time is over, though the client hangs', async () => {
  const { send } = makeHintSender(brokerThat(() => new Promise(() => undefined)).client, 'invitations');
  expect(await send(hints(1), 'tick-1', NOW, 20)).toBe(false);
});

it('waits for a broker that is away once, however many batches there are', async () => {
  let tries = 0;
  const broker = brokerThat(() => {
    tries += 1;
    return new Promise(() => undefined);
  });
  expect(await makeHintSender(broker.client, 'invitations').send(hints(1_000), 'tick-1', NOW, 20)).toBe(false);
  expect(tries).toBe(1);
});

it('connects anew after it could not connect', async () => {
  const broker = brokerThat(() => Promise.resolve());
  let isDown = true;
  const client = () => (isDown ? Promise.reject(new Error('down')) : broker.client());
  const { send } = makeHintSender(client, 'invitations');
  expect(await send(hints(1), 'tick-1', NOW)).toBe(false);
  isDown = false;
  expect(await send(hints(1), 'tick-1', NOW)).toBe(true);
});

it('fails the check of a queue that gives no answer in time', async () => {
  const { check } = makeHintSender(() => new Promise(() => undefined), 'invitations');
  await expect(check(20)).rejects.toThrow('no answer in 20 ms');
});

it('names in each message the trace of whoever asked, also where several share a batch, and none for a tick', async () => {
  const batches: ServiceBusMessage[][] = [];
  const broker = brokerThat((messages) => {
    batches.push(messages);
    return Promise.resolve();
  });
  const { send } = makeHintSender(broker.client, 'invitations');
  const log = { log: () => undefined, warn: () => undefined, error: () => undefined };
  const asking = (traceparent: string, handsOnTrace: boolean) =>
    within({ log, messageId: undefined, traceparent, handsOnTrace }, () => send(hints(1), traceparent, NOW));
  await Promise.all([asking('trace-1', true), asking('trace-2', true), asking('trace-3', false)]);
  expect(batches.flat().map(({ messageId, applicationProperties }) => [messageId, applicationProperties])).toEqual([
    ['w-0~trace-1', { 'Diagnostic-Id': 'trace-1', traceparent: 'trace-1' }],
    ['w-0~trace-2', { 'Diagnostic-Id': 'trace-2', traceparent: 'trace-2' }],
    ['w-0~trace-3', undefined],
  ]);
  expect(batches).toHaveLength(1);
});

import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { startServiceBus, type ServiceBusStandIn } from '../../../local/serviceBus/startServiceBus';
import { startHostProcess, type HostProcess } from '../../support/hostProcess';
import { waitFor } from '../../support/waitFor';

const retryOptions = { maxRetries: 1, retryDelayInMs: 100, timeoutInMs: 5000 };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let bus: ServiceBusStandIn;
let host: HostProcess;

async function startBus(options: { port?: number; lockDurationMs?: number } = {}): Promise<void> {
  bus = await startServiceBus({ port: 0, queues: ['hints'], maxDeliveryCount: 2, ...options });
}

async function startHost(): Promise<void> {
  const env = { TEST_QUEUE: 'hints', TestServiceBus: bus.connectionString };
  host = await startHostProcess({ onlyFunctions: ['receive'] }, env);
}

async function send(...messages: ServiceBusMessage[]): Promise<void> {
  const client = new ServiceBusClient(bus.connectionString, { retryOptions });
  await client.createSender('hints').sendMessages(messages);
  await client.close();
}

const untilCounts = (expected: ReturnType<ServiceBusStandIn['counts']>) =>
  waitFor(() => JSON.stringify(bus.counts('hints')) === JSON.stringify(expected), {
    describe: `the queue to count ${JSON.stringify(expected)}`,
  });

afterEach(async () => {
  await host.end();
  await bus.close();
});

describe('with a broker', () => {
  beforeEach(async () => {
    await startBus();
    await startHost();
  });

  it('hands a message and its metadata over, and completes it', async () => {
    await send({
      body: { id: 'é' },
      messageId: 'm-1',
      subject: 'hint',
      correlationId: 'c-1',
      applicationProperties: { 'Diagnostic-Id': traceparent, lane: 1 },
    });
    const sighting = await host.seen('message');
    expect(sighting).toMatchObject({
      message: { id: 'é' },
      traceParent: traceparent,
      triggerMetadata: {
        messageId: 'm-1',
        subject: 'hint',
        label: 'hint',
        correlationId: 'c-1',
        deliveryCount: 1,
        sequenceNumber: 1,
        expiresAtUtc: '9999-12-31T23:59:59.9999999Z',
        applicationProperties: { lane: 1 },
        userProperties: { lane: 1 },
      },
    });
    await untilCounts({ active: 0, scheduled: 0, deadLetter: 0 });
  });

  it.each([
    ['text', 'plain text', 'plain text'],
    ['bytes', Buffer.from('{"a":[1]}'), { a: [1] }],
    ['a number', 12, 12],
  ])('hands over a body of %s parsed when it is JSON', async (_, body, expected) => {
    await send({ body });
    expect((await host.seen('message')).message).toEqual(expected);
  });

  it('abandons a message when the function throws, until the broker dead-letters it', async () => {
    await send({ body: { throws: true } });
    await untilCounts({ active: 0, scheduled: 0, deadLetter: 1 });
    const deliveries = host.sightings.map(
      ({ triggerMetadata }) => triggerMetadata as { deliveryCount?: number } | undefined,
    );
    expect(deliveries.map((metadata) => metadata?.deliveryCount).filter(Boolean)).toEqual([1, 2]);
  });

  it('never mixes up the outcomes of messages that end together', async () => {
    const bodies = Array.from({ length: 100 }, (_, index) => ({ body: { throws: index % 2 === 0 } }));
    await send(...bodies);
    await untilCounts({ active: 0, scheduled: 0, deadLetter: 50 });
  });

  it('takes no more messages at a time than host.json allows', async () => {
    await send(...Array.from({ length: 6 }, () => ({ body: { waits: true } })));
    await host.seen('message', 4);
    expect(host.sightings.filter(({ seen }) => seen === 'message')).toHaveLength(4);
    await host.release();
    await host.seen('message', 6);
    await host.release();
    await untilCounts({ active: 0, scheduled: 0, deadLetter: 0 });
  });

  it('settles what is in hand when it stops, and takes no more', async () => {
    await send({ body: { waits: true } });
    await host.seen('message');
    const stopped = host.stopHost();
    await host.release();
    await stopped;
    await untilCounts({ active: 0, scheduled: 0, deadLetter: 0 });
    await send({ body: {} });
    expect(bus.counts('hints').active).toBe(1);
  });

  it('goes on when the broker comes back, having said once that it was away', async () => {
    const { port } = bus;
    await bus.close();
    await waitFor(() => host.logs.some(({ message }) => message.includes('cannot be reached')));
    await startBus({ port });
    await send({ body: { after: 'outage' } });
    expect((await host.seen('message')).message).toEqual({ after: 'outage' });
    expect(host.logs.map(({ level, message }) => [level, message.slice(0, 32)])).toEqual([
      ['warning', 'Queue hints cannot be reached, a'],
      ['information', 'Queue hints is there again.'],
    ]);
  });
});

it('renews the lock of a message that takes longer', async () => {
  await startBus({ lockDurationMs: 1500 });
  await startHost();
  const longAfterTheLock = new Date(Date.now() + 4000);
  await send({ body: { waits: true } }, { body: { last: true }, scheduledEnqueueTimeUtc: longAfterTheLock });
  expect((await host.seen('message', 2)).message).toEqual({ last: true });
  await host.release();
  await untilCounts({ active: 0, scheduled: 0, deadLetter: 0 });
});

it('says that a message cannot be settled when its broker has gone, and goes on', async () => {
  await startBus();
  await startHost();
  await send({ body: { waits: true } });
  await host.seen('message');
  const { port } = bus;
  await bus.close();
  // Told before it has noticed, it would settle over the connection that is gone, and wait a minute for the answer.
  await waitFor(() => host.logs.some(({ message }) => message.includes('cannot be reached')));
  await startBus({ port });
  await host.release();
  await waitFor(() => host.logs.some(({ message }) => message.startsWith('A message could not be settled')));
  await send({ body: { next: true } });
  expect((await host.seen('message', 2)).message).toEqual({ next: true });
});

it('starts without a broker, and carries on when it comes', async () => {
  await startBus();
  const { port } = bus;
  await bus.close();
  await startHost();
  expect(host.functions).toEqual([{ name: 'receive', trigger: 'serviceBus', detail: 'queue hints' }]);
  await waitFor(() => host.logs.some(({ message }) => message.includes('cannot be reached, and is tried on')));

  await startBus({ port });
  await send({ body: { first: true } });
  expect((await host.seen('message')).message).toEqual({ first: true });
});

it('stops while the broker is away', async () => {
  await startBus();
  await bus.close();
  await startHost();
  await waitFor(() => host.logs.some(({ message }) => message.includes('cannot be reached')));
  await host.stopHost();
});

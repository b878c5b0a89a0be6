import { once } from 'node:events';
import { connect as connectSocket, createServer, type AddressInfo } from 'node:net';
import type { ServiceBusError } from '@azure/service-bus';
import { startServiceBus } from '../../../local/serviceBus/startServiceBus';
import { connect, openQueue, QUEUE, receiveOne, startBus } from './harness';
import { waitFor } from '../../support/waitFor';

describe('startServiceBus', () => {
  it('says in one sentence which port is taken and what changes it', async () => {
    const { port } = await startBus();
    await expect(startServiceBus({ port, queues: [] })).rejects.toThrow(
      `Port ${port} is taken: set SERVICE_BUS_PORT to a free port for Service Bus.`,
    );
  });

  it('throws for the counts of a queue there is not', async () => {
    const bus = await startBus();
    expect(() => bus.counts('nowhere')).toThrow('There is no queue nowhere.');
  });

  it('frees its port on close', async () => {
    const bus = await startBus();
    connect(bus);
    await bus.close();

    const server = createServer().listen(bus.port, '127.0.0.1');
    await waitFor(() => (server.address() as AddressInfo | null)?.port === bus.port, { describe: 'the port' });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('close', () => {
  it('leaves no timer behind, whatever was scheduled, locked or connected', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const { bus, client, sender, receiver } = await openQueue();
    await sender.sendMessages({ body: 'locked' });
    await sender.scheduleMessages({ body: 'scheduled' }, new Date(Date.now() + 3_600_000));
    await receiveOne(receiver);
    const stillConnected = connectSocket(bus.port, '127.0.0.1');
    await once(stillConnected, 'connect');

    await client.close();
    await bus.close();

    await waitFor(() => timers() <= before && stillConnected.destroyed, { describe: 'timers and sockets to be gone' });
  });
});

describe('a broker that comes back on its port', () => {
  it('is found again by the sender and by the subscriber of the same client', async () => {
    const first = await openQueue();
    const bodies: unknown[] = [];
    const errors: unknown[] = [];
    first.receiver.subscribe({
      processMessage: ({ body }) => Promise.resolve(void bodies.push(body)),
      processError: ({ error }) => Promise.resolve(void errors.push(error)),
    });
    await first.sender.sendMessages({ body: 'before' });
    await waitFor(() => bodies.includes('before'), { describe: 'the first message' });

    await first.bus.close();
    await waitFor(() => errors.length > 0, { describe: 'the client to see that the broker is gone' });
    const second = await startBus({ port: first.bus.port });

    await waitFor(() => first.sender.sendMessages({ body: 'after' }).then(() => true), {
      timeoutMs: 30_000,
      describe: 'the sender to connect again',
    });
    await waitFor(() => bodies.includes('after'), { timeoutMs: 30_000, describe: 'the subscriber to connect again' });
    await waitFor(() => second.counts(QUEUE).active === 0, { describe: 'the message to be completed' });
  });

  it('has lost its messages, and their locks', async () => {
    const { bus, sender, receiver } = await openQueue();
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);
    const held = await receiveOne(receiver);
    await bus.close();
    const next = await startBus({ port: bus.port });

    await expect(
      waitFor(
        () =>
          connect(next)
            .createReceiver(QUEUE)
            .completeMessage(held)
            .catch((error: unknown) => (error as ServiceBusError).code),
        { describe: 'an answer' },
      ),
    ).resolves.toBe('MessageLockLost');
    expect(next.counts(QUEUE).active).toBe(0);
  });
});

describe('wipe', () => {
  it('loses messages of every state while clients stay connected', async () => {
    const { bus, sender, receiver } = await openQueue({ duplicateDetectionMs: 60_000 });
    await sender.sendMessages([{ body: 'locked', messageId: 'hint-1' }, { body: 'bad' }, { body: 'active' }]);
    await sender.scheduleMessages({ body: 'scheduled' }, new Date(Date.now() + 3_600_000));
    const [held, bad] = await receiver.receiveMessages(2, { maxWaitTimeInMs: 10_000 });
    await receiver.deadLetterMessage(bad!);
    bus.wipe();

    expect(bus.counts(QUEUE)).toEqual({ active: 0, scheduled: 0, deadLetter: 0 });
    await expect(receiver.completeMessage(held!)).rejects.toMatchObject({ code: 'MessageLockLost' });
    await sender.sendMessages({ body: 'new', messageId: 'hint-1' });
    expect((await receiveOne(receiver)).body).toBe('new');
  });
});

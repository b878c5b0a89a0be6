import { connect, openQueue, QUEUE, receiveOne } from './harness';
import { waitFor } from '../../support/waitFor';

describe('receiving', () => {
  it('returns nothing when the wait is over and the queue is empty (drain)', async () => {
    const { receiver } = await openQueue();
    expect(await receiver.receiveMessages(5, { maxWaitTimeInMs: 50 })).toEqual([]);
  });

  it('returns what there is when that is less than was asked for, and the link goes on working', async () => {
    const { sender, receiver } = await openQueue();
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);

    const first = await receiver.receiveMessages(10, { maxWaitTimeInMs: 10_000 });
    await sender.sendMessages({ body: 3 });
    const second = await receiver.receiveMessages(10, { maxWaitTimeInMs: 10_000 });

    expect(first.map(({ body }) => body as number)).toEqual([1, 2]);
    expect(second.map(({ body }) => body as number)).toEqual([3]);
  });

  it('pushes messages to a subscriber as they come', async () => {
    const { bus, sender, receiver } = await openQueue();
    const bodies: unknown[] = [];
    receiver.subscribe({
      processMessage: ({ body }) => Promise.resolve(void bodies.push(body)),
      processError: ({ error }) => Promise.reject(error),
    });
    for (const body of ['a', 'b', 'c']) await sender.sendMessages({ body });

    await waitFor(() => bus.counts(QUEUE).active === 0, { describe: 'every message to be completed' });
    expect(bodies).toEqual(['a', 'b', 'c']);
  });

  it('keeps to the number of concurrent calls a subscriber asked for', async () => {
    const { bus, sender, receiver } = await openQueue();
    await sender.sendMessages(Array.from({ length: 40 }, (_, body) => ({ body })));
    let running = 0;
    let most = 0;
    const processMessage = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    receiver.subscribe(
      { processMessage, processError: ({ error }) => Promise.reject(error) },
      { maxConcurrentCalls: 4 },
    );

    await waitFor(() => bus.counts(QUEUE).active === 0, { describe: 'every message to be completed' });
    expect(most).toBe(4);
  });

  it('shares messages between competing receivers, each to one of them', async () => {
    const { bus, sender } = await openQueue();
    const received: unknown[][] = [[], []];
    for (const bodies of received) {
      connect(bus)
        .createReceiver(QUEUE)
        .subscribe({
          processMessage: ({ body }) => Promise.resolve(void bodies.push(body)),
          processError: ({ error }) => Promise.reject(error),
        });
    }
    await sender.sendMessages(Array.from({ length: 100 }, (_, body) => ({ body })));
    await waitFor(() => bus.counts(QUEUE).active === 0, { describe: 'every message to be completed' });

    expect(received.flat().sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it('deletes a message as it hands it out in receive-and-delete mode', async () => {
    const { bus, client, sender } = await openQueue();
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);
    const receiver = client.createReceiver(QUEUE, { receiveMode: 'receiveAndDelete' });

    const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });

    expect(message).toMatchObject({ body: 1, lockToken: undefined });
    expect(bus.counts(QUEUE).active).toBe(1);
  });

  it('delivers more than a session holds, when they are settled', async () => {
    const { bus, sender, receiver } = await openQueue();
    const bodies = Array.from({ length: 5_000 }, (_, body) => ({ body }));
    for (let start = 0; start < bodies.length; start += 1_000) {
      await sender.sendMessages(bodies.slice(start, start + 1_000));
    }
    let seen = 0;
    receiver.subscribe(
      {
        processMessage: () => Promise.resolve(void (seen += 1)),
        processError: ({ error }) => Promise.reject(error),
      },
      { maxConcurrentCalls: 200 },
    );
    await waitFor(() => bus.counts(QUEUE).active === 0, { timeoutMs: 30_000, describe: 'all to be completed' });
    expect(seen).toBe(5_000);
  });
});

describe('peeking', () => {
  it('shows messages of every state in order, locks nothing, and goes on where it stopped', async () => {
    const { sender, receiver } = await openQueue();
    await sender.sendMessages([{ body: 'deferred' }, { body: 'locked' }, { body: 'active' }]);
    await sender.scheduleMessages({ body: 'scheduled' }, new Date(Date.now() + 3_600_000));
    await receiver.deferMessage(await receiveOne(receiver));
    await receiveOne(receiver);

    const peeked = [...(await receiver.peekMessages(3)), ...(await receiver.peekMessages(3))];

    expect(peeked.map(({ body, state }) => [body as string, state])).toEqual([
      ['deferred', 'deferred'],
      ['locked', 'active'],
      ['active', 'active'],
      ['scheduled', 'scheduled'],
    ]);
    expect((await receiveOne(receiver)).body).toBe('active');
  });

  it('starts from a sequence number', async () => {
    const { sender, receiver } = await openQueue();
    await sender.sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
    const third = (await receiver.receiveMessages(3, { maxWaitTimeInMs: 10_000 }))[2]!;

    const peeked = await receiver.peekMessages(10, { fromSequenceNumber: third.sequenceNumber! });

    expect(peeked.map(({ body }) => body as number)).toEqual([3]);
  });

  it('shows nothing of an empty queue', async () => {
    const { receiver } = await openQueue();
    expect(await receiver.peekMessages(10)).toEqual([]);
  });
});

describe('time to live', () => {
  it('drops a message that nobody received in time', async () => {
    const { bus, sender, receiver } = await openQueue();
    await sender.sendMessages([
      { body: 'short', timeToLive: 100 },
      { body: 'long', timeToLive: 600_000 },
    ]);
    await waitFor(() => bus.counts(QUEUE).active === 1, { describe: 'the message to expire' });

    const message = await receiveOne(receiver);

    expect(message).toMatchObject({ body: 'long', timeToLive: 600_000 });
    expect(message.expiresAtUtc!.getTime() - message.enqueuedTimeUtc!.getTime()).toBe(600_000);
    expect(bus.counts(QUEUE)).toEqual({ active: 1, scheduled: 0, deadLetter: 0 });
  });
});

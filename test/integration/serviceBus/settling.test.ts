import { connect, openQueue, QUEUE, receiveOne } from './harness';
import { waitFor } from '../../support/waitFor';

const SHORT_LOCK_MS = 150;

describe('settling', () => {
  it('removes a completed message', async () => {
    const { bus, sender, receiver } = await openQueue();
    await sender.sendMessages({ body: 1 });
    await receiver.completeMessage(await receiveOne(receiver));
    expect(bus.counts(QUEUE)).toEqual({ active: 0, scheduled: 0, deadLetter: 0 });
  });

  it('delivers an abandoned message again at once, in its old place, with one more delivery and new properties', async () => {
    const { sender, receiver } = await openQueue();
    await sender.sendMessages([{ body: 'first', applicationProperties: { kept: 1 } }, { body: 'second' }]);
    await receiver.abandonMessage(await receiveOne(receiver), { note: 'try again' });

    expect(await receiveOne(receiver)).toMatchObject({
      body: 'first',
      deliveryCount: 1,
      applicationProperties: { kept: 1, note: 'try again' },
    });
  });

  it('moves a dead-lettered message to the dead-letter queue with reason, description and properties', async () => {
    const { bus, sender, receiver, deadLetters } = await openQueue();
    await sender.sendMessages({ body: 'bad', messageId: 'hint-1' });
    await receiver.deadLetterMessage(await receiveOne(receiver), {
      deadLetterReason: 'unreadable',
      deadLetterErrorDescription: 'It has no invitation id.',
      seenBy: 'a test',
    });
    expect(bus.counts(QUEUE)).toEqual({ active: 0, scheduled: 0, deadLetter: 1 });

    const message = await receiveOne(deadLetters);

    expect(message).toMatchObject({
      body: 'bad',
      messageId: 'hint-1',
      deadLetterReason: 'unreadable',
      deadLetterErrorDescription: 'It has no invitation id.',
      deadLetterSource: QUEUE,
    });
    expect(message.applicationProperties).toMatchObject({ seenBy: 'a test' });
    await deadLetters.completeMessage(message);
    expect(bus.counts(QUEUE).deadLetter).toBe(0);
  });

  it('dead-letters a message that failed as often as maxDeliveryCount allows', async () => {
    const { sender, receiver, deadLetters } = await openQueue({ maxDeliveryCount: 3 });
    await sender.sendMessages({ body: 'poison' });
    for (const deliveryCount of [0, 1, 2]) {
      const message = await receiveOne(receiver);
      expect(message.deliveryCount).toBe(deliveryCount);
      await receiver.abandonMessage(message);
    }

    expect(await receiveOne(deadLetters)).toMatchObject({
      body: 'poison',
      deliveryCount: 3,
      deadLetterReason: 'MaxDeliveryCountExceeded',
    });
  });

  it('defers a message until it is received by its sequence number, and settles it from there', async () => {
    const { bus, sender, receiver } = await openQueue();
    await sender.sendMessages([{ body: 'put aside' }, { body: 'next' }]);
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message, { why: 'not yet' });
    expect((await receiveOne(receiver)).body).toBe('next');

    const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber!);

    expect(deferred).toMatchObject({ body: 'put aside', state: 'deferred', applicationProperties: { why: 'not yet' } });
    await receiver.completeMessage(deferred!);
    expect(bus.counts(QUEUE).active).toBe(1);
    await expect(receiver.receiveDeferredMessages(message.sequenceNumber!)).rejects.toMatchObject({
      code: 'MessageNotFound',
    });
  });

  it('abandons, defers again and dead-letters a deferred message', async () => {
    const { bus, sender, receiver, deadLetters } = await openQueue();
    await sender.sendMessages({ body: 'put aside' });
    const { sequenceNumber } = await receiveOne(receiver).then(async (message) => {
      await receiver.deferMessage(message);
      return message;
    });
    const receiveDeferred = async () => (await receiver.receiveDeferredMessages(sequenceNumber!))[0]!;

    await receiver.abandonMessage(await receiveDeferred(), { step: 1 });
    await receiver.deferMessage(await receiveDeferred(), { step: 2 });
    const last = await receiveDeferred();
    expect(last.applicationProperties).toEqual({ step: 2 });
    await receiver.deadLetterMessage(last, { deadLetterReason: 'enough', deadLetterErrorDescription: 'of this' });

    expect(await receiveOne(deadLetters)).toMatchObject({
      deadLetterReason: 'enough',
      deadLetterErrorDescription: 'of this',
      state: 'active',
    });
    expect(bus.counts(QUEUE).active).toBe(0);
  });

  it('deletes deferred messages on receive in receive-and-delete mode', async () => {
    const { bus, client, sender, receiver } = await openQueue();
    await sender.sendMessages({ body: 'put aside' });
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message);

    const deleting = client.createReceiver(QUEUE, { receiveMode: 'receiveAndDelete' });
    const [deferred] = await deleting.receiveDeferredMessages(message.sequenceNumber!);

    expect(deferred!.body).toBe('put aside');
    expect(bus.counts(QUEUE).active).toBe(0);
  });

  it('settles a message whose receiver was closed, by its lock token', async () => {
    const { bus, client, sender, receiver } = await openQueue();
    await sender.sendMessages({ body: 1 });
    const message = await receiveOne(receiver);
    await receiver.close();

    await client.createReceiver(QUEUE).completeMessage(message);

    expect(bus.counts(QUEUE).active).toBe(0);
  });
});

describe('locks', () => {
  it('delivers a message again, with one more delivery, when its lock runs out', async () => {
    const { sender, receiver } = await openQueue({ lockDurationMs: SHORT_LOCK_MS });
    await sender.sendMessages({ body: 1 });
    const first = await receiveOne(receiver);
    const second = await receiveOne(receiver);

    expect(Date.now()).toBeGreaterThanOrEqual(first.lockedUntilUtc!.getTime());
    expect(second).toMatchObject({ body: 1, deliveryCount: 1 });
    expect(second.lockToken).not.toBe(first.lockToken);
  });

  it('answers message-lock-lost to a late settlement and leaves the message alone', async () => {
    const { bus, sender, receiver } = await openQueue({ lockDurationMs: SHORT_LOCK_MS });
    await sender.sendMessages({ body: 1 });
    const late = await receiveOne(receiver);
    await waitFor(() => Date.now() > late.lockedUntilUtc!.getTime(), { describe: 'the lock to run out' });

    await expect(receiver.completeMessage(late)).rejects.toMatchObject({ code: 'MessageLockLost' });
    expect(bus.counts(QUEUE).active).toBe(1);
  });

  it('tells a lost lock from a good one when both are settled in one tick', async () => {
    const { bus, sender, receiver } = await openQueue();
    await sender.sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
    const [first, second, third] = await receiver.receiveMessages(3, { maxWaitTimeInMs: 10_000 });
    await connect(bus).createReceiver(QUEUE).completeMessage(second!);

    const results = await Promise.allSettled(
      [first!, second!, third!].map((message) => receiver.completeMessage(message)),
    );

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(bus.counts(QUEUE).active).toBe(0);
  });

  it('keeps a lock that is renewed', async () => {
    const { bus, sender, receiver } = await openQueue({ lockDurationMs: 2_000 });
    await sender.sendMessages({ body: 1 });
    const message = await receiveOne(receiver);
    const firstEnd = message.lockedUntilUtc!;
    await waitFor(
      async () => {
        await receiver.renewMessageLock(message);
        return Date.now() > firstEnd.getTime();
      },
      { describe: 'the first lock to be over' },
    );

    expect(message.lockedUntilUtc!.getTime()).toBeGreaterThan(firstEnd.getTime());
    await receiver.completeMessage(message);
    expect(bus.counts(QUEUE).active).toBe(0);
  });

  it('does not renew a lost lock', async () => {
    const { sender, receiver } = await openQueue();
    await sender.sendMessages({ body: 1 });
    const message = await receiveOne(receiver);
    await receiver.completeMessage(message);
    await expect(receiver.renewMessageLock(message)).rejects.toMatchObject({ code: 'MessageLockLost' });
  });

  it('renews automatically for a subscriber that takes longer than a lock', async () => {
    const { bus, client, sender } = await openQueue({ lockDurationMs: 2_500 });
    await sender.sendMessages({ body: 1 });
    const deliveryCounts: unknown[] = [];
    client.createReceiver(QUEUE, { maxAutoLockRenewalDurationInMs: 60_000 }).subscribe({
      processMessage: async ({ deliveryCount, lockedUntilUtc }) => {
        deliveryCounts.push(deliveryCount);
        const end = lockedUntilUtc!.getTime() + 500;
        await waitFor(() => Date.now() > end, { describe: 'the first lock to be over' });
      },
      processError: ({ error }) => Promise.reject(error),
    });

    await waitFor(() => bus.counts(QUEUE).active === 0, { describe: 'the message to be completed' });
    expect(deliveryCounts).toEqual([0]);
  });

  it('keeps the lock when the connection goes, as the receiver may settle on another', async () => {
    const { bus, sender, receiver, client } = await openQueue();
    await sender.sendMessages({ body: 1 });
    await receiveOne(receiver);
    await client.close();

    expect(bus.counts(QUEUE).active).toBe(1);
  });
});

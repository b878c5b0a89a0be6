import { connect, openQueue, QUEUE, receiveOne } from './harness';

const inOneHour = () => new Date(Date.now() + 3_600_000);

describe('sending', () => {
  it('delivers body, properties and ids as they were sent', async () => {
    const { sender, receiver } = await openQueue();
    await sender.sendMessages({
      body: { invitationId: 'a-1' },
      messageId: 'hint-1',
      correlationId: 'request-7',
      subject: 'hint',
      contentType: 'application/json',
      applicationProperties: { attempt: 3, urgent: true, ratio: 0.5, source: 'hr' },
    });

    const message = await receiveOne(receiver);

    expect(message).toMatchObject({
      body: { invitationId: 'a-1' },
      messageId: 'hint-1',
      correlationId: 'request-7',
      subject: 'hint',
      contentType: 'application/json',
      applicationProperties: { attempt: 3, urgent: true, ratio: 0.5, source: 'hr' },
      deliveryCount: 0,
      state: 'active',
    });
    expect(message.sequenceNumber?.toNumber()).toBe(1);
    expect(message.enqueuedTimeUtc).toBeInstanceOf(Date);
  });

  it.each([
    ['data', Buffer.from([0, 255, 1])],
    ['value', 'a text'],
    ['sequence', [1, 2, 3]],
  ] as const)('keeps a body in an AMQP %s section as it is', async (bodyType, body) => {
    const { sender, receiver } = await openQueue();
    await sender.sendMessages({ body, bodyType });

    expect((await receiveOne(receiver)).body).toEqual(body);
  });

  it('gives a message that has no id one of its own', async () => {
    const { sender, receiver } = await openQueue();
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);

    const [first, second] = await receiver.receiveMessages(2, { maxWaitTimeInMs: 10_000 });

    expect(first!.messageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second!.messageId).not.toBe(first!.messageId);
  });

  it('stores every message of a batch, in order', async () => {
    const { bus, sender, receiver } = await openQueue();
    const batch = await sender.createMessageBatch();
    for (let n = 0; n < 250; n++) expect(batch.tryAddMessage({ body: n })).toBe(true);
    await sender.sendMessages(batch);

    expect(bus.counts(QUEUE).active).toBe(250);
    const received = await receiver.receiveMessages(250, { maxWaitTimeInMs: 10_000 });
    expect(received.map(({ body }) => body as number)).toEqual(Array.from({ length: 250 }, (_, n) => n));
  });

  it('limits a batch to 256 KB', async () => {
    const { sender } = await openQueue();
    const batch = await sender.createMessageBatch();

    expect(batch.maxSizeInBytes).toBe(262_144);
    expect(batch.tryAddMessage({ body: Buffer.alloc(262_144) })).toBe(false);
  });

  it('refuses a message over 256 KB, and goes on taking smaller ones', async () => {
    const { bus, sender } = await openQueue();

    await expect(sender.sendMessages({ body: Buffer.alloc(262_144) })).rejects.toMatchObject({
      code: 'MessageSizeExceeded',
    });
    await sender.sendMessages({ body: Buffer.alloc(200_000) });

    expect(bus.counts(QUEUE).active).toBe(1);
  });

  it('answers a refused and an accepted message apart that were sent in one tick', async () => {
    const { bus, sender } = await openQueue();
    await sender.sendMessages({ body: 'opens the link' });

    const results = await Promise.allSettled([
      sender.sendMessages({ body: 'fits' }),
      sender.sendMessages({ body: Buffer.alloc(262_144) }),
      sender.sendMessages({ body: 'fits too' }),
    ]);

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(bus.counts(QUEUE).active).toBe(3);
  });

  it('refuses a link to a queue there is not', async () => {
    const { client } = await openQueue();

    await expect(client.createSender('nowhere').sendMessages({ body: 1 })).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
    });
    await expect(client.createReceiver('nowhere').receiveMessages(1)).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
    });
  });

  it('finds a queue whatever the case of its name', async () => {
    const { bus, client } = await openQueue();
    await client.createSender('INVITATIONS').sendMessages({ body: 1 });
    expect(bus.counts(QUEUE).active).toBe(1);
  });

  it('takes messages from many clients at once', async () => {
    const { bus } = await openQueue();
    await Promise.all(
      [1, 2, 3, 4].map(async (body) => {
        const sender = connect(bus).createSender(QUEUE);
        await Promise.all(Array.from({ length: 25 }, () => sender.sendMessages({ body })));
      }),
    );
    expect(bus.counts(QUEUE).active).toBe(100);
  });
});

describe('duplicate detection', () => {
  it('drops a message whose id it saw within the window', async () => {
    const { bus, sender, receiver } = await openQueue({ duplicateDetectionMs: 60_000 });
    await sender.sendMessages({ messageId: 'hint-1', body: 'first' });
    await receiver.completeMessage(await receiveOne(receiver));
    await sender.sendMessages([
      { messageId: 'hint-1', body: 'again' },
      { messageId: 'hint-2', body: 'another' },
    ]);

    expect((await receiveOne(receiver)).body).toBe('another');
    expect(bus.counts(QUEUE).active).toBe(1);
  });

  it('also drops a scheduled message that reuses an id', async () => {
    const { bus, sender } = await openQueue({ duplicateDetectionMs: 60_000 });
    await sender.sendMessages({ messageId: 'hint-1', body: 'now' });
    await sender.sendMessages({ messageId: 'hint-1', body: 'later', scheduledEnqueueTimeUtc: inOneHour() });
    await sender.scheduleMessages({ messageId: 'hint-1', body: 'later' }, inOneHour());

    expect(bus.counts(QUEUE)).toEqual({ active: 1, scheduled: 0, deadLetter: 0 });
  });

  it('is off unless it is asked for', async () => {
    const { bus, sender } = await openQueue();
    await sender.sendMessages([
      { messageId: 'hint-1', body: 1 },
      { messageId: 'hint-1', body: 2 },
    ]);
    expect(bus.counts(QUEUE).active).toBe(2);
  });
});

describe('scheduled messages', () => {
  it('holds a message back until its scheduledEnqueueTimeUtc', async () => {
    const { bus, sender, receiver } = await openQueue();
    const due = new Date(Date.now() + 1_000);
    await sender.sendMessages({ body: 'later', scheduledEnqueueTimeUtc: due });
    expect(bus.counts(QUEUE)).toEqual({ active: 0, scheduled: 1, deadLetter: 0 });

    const message = await receiveOne(receiver);

    expect(Date.now()).toBeGreaterThanOrEqual(due.getTime());
    expect(message.scheduledEnqueueTimeUtc).toEqual(due);
    expect(message.enqueuedTimeUtc!.getTime()).toBeGreaterThanOrEqual(due.getTime());
    expect(bus.counts(QUEUE)).toEqual({ active: 1, scheduled: 0, deadLetter: 0 });
  });

  it('takes scheduleMessages, and delivers by time and not by order of sending', async () => {
    const { sender, receiver } = await openQueue();
    const numbers = await sender.scheduleMessages(
      [{ body: 'second' }, { body: 'third' }],
      new Date(Date.now() + 1_500),
    );
    await sender.scheduleMessages({ body: 'first' }, new Date(Date.now() + 1_000));

    expect(numbers.map((number) => number.toNumber())).toEqual([1, 2]);
    const bodies = [await receiveOne(receiver), await receiveOne(receiver), await receiveOne(receiver)];
    expect(bodies.map(({ body }) => body as string)).toEqual(['first', 'second', 'third']);
  });

  it('delivers at once what was scheduled for the past', async () => {
    const { sender, receiver } = await openQueue();
    await sender.scheduleMessages({ body: 'late' }, new Date(Date.now() - 1_000));
    expect((await receiveOne(receiver)).body).toBe('late');
  });

  it('gives a released message a new sequence number and keeps the old one beside it', async () => {
    const { sender, receiver } = await openQueue();
    await sender.sendMessages({ body: 'now' });
    await sender.scheduleMessages({ body: 'later' }, new Date(Date.now() + 1_000));
    await receiveOne(receiver);

    const message = await receiveOne(receiver);

    expect(message.sequenceNumber?.toNumber()).toBe(3);
    expect(Number(message.enqueuedSequenceNumber)).toBe(2);
  });

  it('cancels by sequence number', async () => {
    const { bus, sender } = await openQueue();
    const [first] = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], inOneHour());
    await sender.cancelScheduledMessages(first!);
    expect(bus.counts(QUEUE)).toEqual({ active: 0, scheduled: 1, deadLetter: 0 });
  });

  it('answers not found for cancelling what is not scheduled', async () => {
    const { sender } = await openQueue();
    const [number] = await sender.scheduleMessages({ body: 1 }, inOneHour());
    await sender.cancelScheduledMessages(number!);
    await expect(sender.cancelScheduledMessages(number!)).rejects.toMatchObject({ code: 'MessageNotFound' });
  });
});

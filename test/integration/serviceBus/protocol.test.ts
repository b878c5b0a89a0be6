import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { create_container, type Connection } from 'rhea';
import { openQueue, QUEUE, startBus } from './harness';
import { waitFor } from '../../support/waitFor';

/** What the unmodified client cannot be made to do at a chosen moment is done on bare AMQP here. */
async function connectAmqp(port: number): Promise<Connection> {
  const options = { host: '127.0.0.1', port, reconnect: false, idle_time_out: 60_000, username: 'anonymous' };
  const container = create_container();
  container.on('disconnected', () => undefined);
  const connection = container.connect(options);
  await once(connection, 'connection_open');
  return connection;
}

describe('on bare AMQP', () => {
  it('answers a drain whose credit the last message used up', async () => {
    const { bus, sender } = await openQueue();
    await sender.sendMessages({ body: 1 });
    const connection = await connectAmqp(bus.port);
    const receiver = connection.open_receiver({
      source: QUEUE,
      credit_window: 0,
      rcv_settle_mode: 1,
      autoaccept: false,
    });
    await once(receiver, 'receiver_open');
    const events: string[] = [];
    receiver.on('message', () => events.push('message'));
    receiver.on('receiver_drained', () => events.push('drained'));

    receiver.add_credit(1);
    receiver.drain_credit();

    await waitFor(() => events.includes('drained'), { describe: 'the end of the drain' });
    expect(events).toEqual(['message', 'drained']);
    connection.close();
  });

  it('writes its attach before the first message, even when message, attach and credit come in one packet', async () => {
    const bus = await startBus();
    const connection = await connectAmqp(bus.port);
    const sender = connection.open_sender(QUEUE);
    await once(sender, 'sendable');
    const { socket } = connection as unknown as { socket: Socket };

    socket.cork();
    sender.send({ message_id: 'hint-1', body: 1 });
    const receiver = connection.open_receiver({ source: QUEUE, credit_window: 0 });
    receiver.add_credit(1);
    setImmediate(() => socket.uncork());

    await once(receiver, 'message');
    connection.close();
  });

  it('answers a request it does not know, or cannot read, and goes on', async () => {
    const bus = await startBus();
    const connection = await connectAmqp(bus.port);
    const receiver = connection.open_receiver({ source: `${QUEUE}/$management`, name: 'replies' });
    const sender = connection.open_sender(`${QUEUE}/$management`);
    await once(sender, 'sendable');
    const ask = async (operation: string, body: unknown) => {
      sender.send({ message_id: operation, reply_to: 'replies', application_properties: { operation }, body });
      const [{ message }] = (await once(receiver, 'message')) as [{ message: Record<string, unknown> }];
      return message;
    };

    expect(await ask('com.microsoft:get-message-sessions', {})).toMatchObject({
      correlation_id: 'com.microsoft:get-message-sessions',
      application_properties: { statusCode: 501, errorCondition: 'amqp:not-implemented' },
    });
    expect(await ask('com.microsoft:renew-lock', { 'lock-tokens': 'none' })).toMatchObject({
      application_properties: { statusCode: 400, errorCondition: 'amqp:invalid-field' },
    });
    expect(await ask('com.microsoft:peek-message', { 'from-sequence-number': 1, 'message-count': 1 })).toMatchObject({
      application_properties: { statusCode: 204 },
    });
    connection.close();
  });

  it('refuses what is not AMQP in a batch, and goes on', async () => {
    const { bus, sender } = await openQueue();
    const connection = await connectAmqp(bus.port);
    const badSender = connection.open_sender(QUEUE);
    await once(badSender, 'sendable');

    badSender.send(Buffer.from('not AMQP'), undefined, 0x80013700);

    const [{ delivery }] = (await once(badSender, 'rejected')) as [{ delivery: { remote_state: unknown } }];
    expect(delivery.remote_state).toMatchObject({ error: { condition: 'amqp:decode-error' } });
    await sender.sendMessages({ body: 1 });
    expect(bus.counts(QUEUE).active).toBe(1);
    connection.close();
  });

  it('logs what is not AMQP at all, and goes on', async () => {
    const lines: string[] = [];
    const { bus, sender } = await openQueue({ onLog: (line) => void lines.push(line) });
    connectSocket(bus.port, '127.0.0.1').end('GET / HTTP/1.1\r\n\r\n');

    await waitFor(() => lines.length > 0, { describe: 'a line in the log' });
    expect(lines[0]).toMatch(/^protocol_error: Invalid protocol header for AMQP/);
    await sender.sendMessages({ body: 1 });
    expect(bus.counts(QUEUE).active).toBe(1);
  });

  it('leaves no heartbeat behind when close drops a connection', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const bus = await startBus();
    const connection = await connectAmqp(bus.port);
    expect(timers()).toBeGreaterThan(before);

    const disconnected = once(connection, 'disconnected');
    await bus.close();
    await disconnected;

    await waitFor(() => timers() <= before, { describe: 'the heartbeat timers to be gone' });
  });
});

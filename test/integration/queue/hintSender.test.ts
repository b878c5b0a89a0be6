import { makeHintSender } from '../../../shared/queue/hintSender';
import { fromMessage } from '../../../shared/queue/hints';
import { waitFor } from '../../support/waitFor';
import { QUEUE, connect, openQueue, receiveOne, startBus } from '../serviceBus/harness';

const ID = '019cadc6-9a80-7abc-8def-01234567890b';
const WAKE_UP = `w-0-2026-03-02T09:00:00.000Z-${ID}`;
const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const dueHint = () => ({ id: ID, wakeUp: WAKE_UP, at: minutesFromNow(-1) });

it('sends a hint that is due at once', async () => {
  const { client, receiver } = await openQueue();
  const { send } = makeHintSender(() => Promise.resolve(client), QUEUE);
  expect(await send([dueHint()], 'tick-1', minutesFromNow(0), 10_000)).toBe(true);
  const message = await receiveOne(receiver);
  expect(message).toMatchObject({ messageId: `${WAKE_UP}~tick-1`, contentType: 'application/json' });
  expect(fromMessage(message.body)).toEqual({ ok: true, id: ID, wakeUp: WAKE_UP });
});

it('leaves a hint for later to the queue’s own clock', async () => {
  const { bus, client } = await openQueue();
  const { send } = makeHintSender(() => Promise.resolve(client), QUEUE);
  await send([{ ...dueHint(), at: minutesFromNow(10) }], 'tick-1', minutesFromNow(0), 10_000);
  expect(bus.counts(QUEUE)).toEqual({ active: 0, scheduled: 1, deadLetter: 0 });
});

it('lets duplicate detection drop what one tick sends twice, and keep another tick’s', async () => {
  const { bus, client } = await openQueue({ duplicateDetectionMs: 60_000 });
  const { send } = makeHintSender(() => Promise.resolve(client), QUEUE);
  for (const sentBy of ['tick-1', 'tick-1', 'tick-2']) await send([dueHint()], sentBy, minutesFromNow(0), 10_000);
  expect(bus.counts(QUEUE).active).toBe(2);
});

it('finds the queue, and says so when it is not there', async () => {
  const { client } = await openQueue();
  await makeHintSender(() => Promise.resolve(client), QUEUE).check(10_000);
  await expect(makeHintSender(() => Promise.resolve(client), 'other').check(10_000)).rejects.toThrow();
});

it('says that nothing was sent while the broker is down, and sends when it is back', async () => {
  const first = await startBus();
  const client = connect(first);
  const { send } = makeHintSender(() => Promise.resolve(client), QUEUE);
  expect(await send([dueHint()], 'tick-1', minutesFromNow(0), 10_000)).toBe(true);
  await first.close();
  expect(await send([dueHint()], 'tick-2', minutesFromNow(0), 200)).toBe(false);
  const back = await startBus({ port: first.port });
  await waitFor(() => send([dueHint()], 'tick-3', minutesFromNow(0), 2_000), {
    timeoutMs: 30_000,
    describe: 'the broker to take a hint again',
  });
  expect(back.counts(QUEUE).active).toBeGreaterThanOrEqual(1);
});

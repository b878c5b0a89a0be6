import { randomBytes } from 'node:crypto';
import { type WebhookEvent, afterTry, receivedEvent, replayed } from '../../../shared/domain/webhookEvent';
import { type WebhookEvents, makeWebhookEvents } from '../../../shared/tables/webhookEvents';
import { HASH_KEY, useTables } from '../../support/azurite';

const azurite = useTables();
const AT = '2026-03-02T09:00:00.000Z';
const LATER = '2026-03-02T09:05:00.000Z';
const RETAIN = { retainMs: 24 * 3600_000 };

let sources = 0;
/** A source of its own for each test. */
const aSource = () => {
  sources += 1;
  return `source${sources}`;
};
const aKey = () => randomBytes(16).toString('hex');

const open = () => makeWebhookEvents(azurite.tables(), HASH_KEY);

async function rowKeysOf(source: string): Promise<string[]> {
  const found: string[] = [];
  const queryOptions = { filter: `PartitionKey eq '${source}'` };
  for await (const { rowKey } of azurite.tables().webhooks.listEntities<{ rowKey: string }>({ queryOptions })) {
    found.push(rowKey);
  }
  return found;
}

async function received(events: WebhookEvents, source: string, key = aKey(), at = AT): Promise<WebhookEvent> {
  const event = receivedEvent(source, key, at);
  expect(await events.create(event, { event: '{"name":"Ann"}' })).toBe(true);
  return event;
}

const keep = (event: WebhookEvent) =>
  afterTry(event, { type: 'kept', outcome: 'mapping gives nothing.' }, LATER, RETAIN);
const finish = (event: WebhookEvent) => afterTry(event, { type: 'done', outcome: '1 invited' }, LATER, RETAIN);
const putOff = (event: WebhookEvent) => afterTry(event, { type: 'again', outcome: 'away' }, LATER, RETAIN);

describe('an event', () => {
  it('is stored with what it says, sealed, and a wake-up, once', async () => {
    const [source, events] = [aSource(), open()];
    const event = await received(events, source);
    expect(await events.create({ ...event, receivedAt: LATER }, { event: '{}' })).toBe(false);
    expect(await rowKeysOf(source)).toEqual([
      `d-${event.key}`,
      `e-${event.key}`,
      `w-2026-03-02T09:01:00.000Z-${event.key}`,
    ]);
    expect((await events.read(source, event.key))?.event).toEqual(event);
    expect(await events.readContent(event)).toEqual({ event: '{"name":"Ann"}' });
    const stored = await azurite.tables().webhooks.getEntity(source, `d-${event.key}`);
    expect(Buffer.from(stored['piece0'] as Uint8Array).toString('latin1')).not.toContain('Ann');
  });

  it('may say as much as a request may bring', async () => {
    const [source, events] = [aSource(), open()];
    const content = { event: JSON.stringify('é'.repeat(256 * 1024)), idHeader: 'msg_1' };
    const event = receivedEvent(source, aKey(), AT);
    await events.create(event, content);
    expect(await events.readContent(event)).toEqual(content);
  });

  it('can’t be opened with another HASH_KEY, nor as another event', async () => {
    const source = aSource();
    const event = await received(open(), source);
    const others = makeWebhookEvents(azurite.tables(), 'another hash key of the tests');
    await expect(others.readContent(event)).rejects.toThrow('another HASH_KEY sealed it');
    const other = aKey();
    const content = await azurite.tables().webhooks.getEntity(source, `d-${event.key}`);
    await azurite.tables().webhooks.createEntity({ ...content, partitionKey: source, rowKey: `d-${other}` });
    await expect(open().readContent({ ...event, key: other })).rejects.toThrow('can’t be opened');
  });

  it('has one wake-up, and what it says is gone, when it is done', async () => {
    const [source, events] = [aSource(), open()];
    const { key } = await received(events, source);
    await events.change(source, key, putOff);
    expect(await rowKeysOf(source)).toEqual([`d-${key}`, `e-${key}`, `w-2026-03-02T09:06:00.000Z-${key}`]);
    await events.change(source, key, finish);
    expect(await rowKeysOf(source)).toEqual([`e-${key}`, `w-2026-03-09T09:05:00.000Z-${key}`]);
  });

  it('is among those that wait for a replay while it is kept', async () => {
    const [source, events] = [aSource(), open()];
    const { key } = await received(events, source);
    await events.change(source, key, keep);
    expect(await rowKeysOf(source)).toEqual([
      `d-${key}`,
      `e-${key}`,
      `k-${AT}-${key}`,
      `w-2026-03-03T09:05:00.000Z-${key}`,
    ]);
    await events.change(source, key, (event) => replayed(event, LATER));
    expect(await rowKeysOf(source)).toEqual([`d-${key}`, `e-${key}`, `w-${LATER}-${key}`]);
  });

  it.each([
    ['kept', keep],
    ['done', finish],
    ['put off', putOff],
  ])('leaves nothing behind when it is deleted as %s', async (_what, apply) => {
    const [source, events] = [aSource(), open()];
    const { key } = await received(events, source);
    await events.change(source, key, apply);
    expect(await events.change(source, key, () => 'delete')).toBeUndefined();
    expect(await rowKeysOf(source)).toEqual([]);
    expect(await events.change(source, key, () => 'delete')).toBeUndefined();
  });

  it('is changed by one worker after the other, and by none twice', async () => {
    const [source, events] = [aSource(), open()];
    const { key } = await received(events, source);
    await Promise.all(Array.from({ length: 4 }, () => events.change(source, key, putOff)));
    expect((await events.read(source, key))?.event.tries).toBe(4);
    const ends = await Promise.all(Array.from({ length: 4 }, () => events.change(source, key, finish)));
    expect(ends.map((event) => [event?.status, event?.tries])).toEqual(Array.from({ length: 4 }, () => ['done', 5]));
  });

  it('that is put back while it is deleted stays', async () => {
    const [source, events] = [aSource(), open()];
    const { key } = await received(events, source);
    await events.change(source, key, keep);
    let isFirst = true;
    const network = azurite.network();
    network.carry = async (_request, send) => {
      const isDeleting = isFirst && _request.method === 'POST';
      if (isDeleting) {
        isFirst = false;
        await open().change(source, key, (event) => replayed(event, LATER));
      }
      return send();
    };
    const after = await events.change(source, key, ({ status }) => (status === 'kept' ? 'delete' : undefined));
    expect(after?.status).toBe('pending');
    expect(await rowKeysOf(source)).toEqual([`d-${key}`, `e-${key}`, `w-${LATER}-${key}`]);
  });
});

describe('the events of a source', () => {
  it('are due by their wake-ups, the earliest first, as many as are asked for', async () => {
    const [source, events] = [aSource(), open()];
    const [third, first, second] = [aKey(), aKey(), aKey()];
    await received(events, source, third, '2026-03-02T09:03:00.000Z');
    await received(events, source, first, '2026-03-02T09:01:00.000Z');
    await received(events, source, second, '2026-03-02T09:02:00.000Z');
    expect(await events.due(source, '2026-03-02T09:02:00.000Z', 10)).toEqual([]);
    expect(await events.due(source, '2026-03-02T09:03:30.000Z', 10)).toEqual([first, second]);
    expect(await events.due(source, '2026-03-02T09:10:00.000Z', 2)).toEqual([first, second]);
  });

  it('that are kept are listed as they came', async () => {
    const [source, events] = [aSource(), open()];
    const [second, first, done] = [aKey(), aKey(), aKey()];
    await received(events, source, second, '2026-03-02T09:02:00.000Z');
    await received(events, source, first, '2026-03-02T09:01:00.000Z');
    await received(events, source, done);
    for (const key of [second, first]) await events.change(source, key, keep);
    await events.change(source, done, finish);
    expect(await events.kept(source)).toEqual([first, second]);
    expect(await events.kept(source, 1)).toEqual([first]);
    expect(await events.sources()).toContain(source);
  });
});

import { type TransactionAction, odata } from '@azure/data-tables';
import type { Instant } from '../domain/time';
import type { WebhookEvent } from '../domain/webhookEvent';
import { makeSeal } from '../seal';
import type { Tables } from './openTables';
import { TablesUnavailableError, calling, readOrUndefined, refusalOf } from './tablesError';

/**
 * Table Webhooks: one partition a source, and one that lists the sources. Of an event, in one transaction:
 *
 *     e-{key}               the event
 *     d-{key}               what it says, sealed; gone once the event is done
 *     w-{wakeUpAt}-{key}    its wake-up: always exactly one, for what is due or for its deletion
 *     k-{receivedAt}-{key}  while it is kept for a replay
 */
const keyOf = {
  event: (key: string) => `e-${key}`,
  content: (key: string) => `d-${key}`,
  wakeUp: ({ wakeUpAt, key }: WebhookEvent) => `w-${wakeUpAt}-${key}`,
  kept: ({ receivedAt, key }: WebhookEvent) => `k-${receivedAt}-${key}`,
};

/** No source can have this name. */
const DIRECTORY = '_sources';

/** What is left of a row key behind its kind and its time. */
const eventKeyIn = (rowKey: string): string => rowKey.slice(rowKey.lastIndexOf('-') + 1);

/** What an event says, and the header that names it, where the source goes by a header. */
export interface WebhookContent {
  event: string;
  idHeader?: string;
}

export interface StoredWebhookEvent {
  event: WebhookEvent;
  etag: string;
}

type EventEntity = Omit<WebhookEvent, 'source' | 'key'> & { partitionKey: string; rowKey: string };

const toEntity = ({ source, key, ...rest }: WebhookEvent): EventEntity => ({
  partitionKey: source,
  rowKey: keyOf.event(key),
  ...rest,
});

const fromEntity = (entity: EventEntity): WebhookEvent => {
  const { partitionKey: source, rowKey, status, receivedAt, dueAt, wakeUpAt, triedSince, tries, outcome } = entity;
  return { source, key: eventKeyIn(rowKey), status, receivedAt, dueAt, wakeUpAt, triedSince, tries, outcome };
};

/** A binary property holds 64 KiB, an entity 1 MiB. */
const PIECE_BYTES = 64 * 1024;
const PIECES = 15;

/** The longest that `create` takes: what is sealed has its nonce and tag beside it. */
export const MOST_CONTENT_BYTES = PIECES * PIECE_BYTES - 1024;

const MOST_TRIES = 10;

export function makeWebhookEvents(tables: Tables, hashKey: string) {
  const table = tables.webhooks;
  const sealed = makeSeal(hashKey, 'webhook event');
  const listed = new Set<string>();

  const submit = (operation: string, actions: TransactionAction[]) =>
    calling(operation, () => table.submitTransaction(actions));

  /** Before its first event, so that the timer finds whatever there is of a source. */
  const listSource = async (source: string): Promise<void> => {
    if (listed.has(source)) return;
    const entity = { partitionKey: DIRECTORY, rowKey: source };
    await calling('list source', () => table.upsertEntity(entity, 'Replace'));
    listed.add(source);
  };

  /** False where there is one of that key: an event that came again, or our own insert whose answer was lost. */
  const create = async (event: WebhookEvent, content: WebhookContent): Promise<boolean> => {
    await listSource(event.source);
    const { source: partitionKey, key } = event;
    const bytes = sealed.seal(Buffer.from(JSON.stringify(content)), `${partitionKey} ${key}`);
    try {
      await submit('keep webhook event', [
        ['create', { ...toEntity(event) }],
        ['create', { partitionKey, rowKey: keyOf.content(key), ...piecesOf(bytes) }],
        ['create', { partitionKey, rowKey: keyOf.wakeUp(event) }],
      ]);
      return true;
    } catch (error) {
      if (refusalOf(error) !== 409) throw error;
      return false;
    }
  };

  const read = async (source: string, key: string): Promise<StoredWebhookEvent | undefined> => {
    const entity = await readOrUndefined('read webhook event', () =>
      table.getEntity<EventEntity>(source, keyOf.event(key)),
    );
    return entity && { event: fromEntity(entity), etag: entity.etag };
  };

  /** Undefined once the event is done. */
  const readContent = async ({ source, key }: WebhookEvent): Promise<WebhookContent | undefined> => {
    const entity = await readOrUndefined('read webhook event', () =>
      table.getEntity(source, keyOf.content(key)),
    );
    if (!entity) return undefined;
    const bytes = sealed.open(bytesOf(entity), `${source} ${key}`);
    if (!bytes) throw new Error(`Webhook event ${key} of ${source} can’t be opened: another HASH_KEY sealed it.`);
    return JSON.parse(bytes.toString()) as WebhookContent;
  };

  /**
   * Reads, applies, commits with the ETag, and does it again when somebody else was faster. `apply` gives undefined where
   * there is nothing to change, and 'delete' for an end. Gives the event as it is then, undefined where there is none.
   */
  const change = async (
    source: string,
    key: string,
    apply: (event: WebhookEvent) => WebhookEvent | 'delete' | undefined,
  ): Promise<WebhookEvent | undefined> => {
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const before = await read(source, key);
      const after = before && apply(before.event);
      if (!before || !after) return before?.event;
      try {
        await submit('write webhook event', transactionOf(before, after));
        return after === 'delete' ? undefined : after;
      } catch (error) {
        // 404: of an entity that the transaction deletes; somebody else was faster there, too.
        if (refusalOf(error) === undefined) throw error;
      }
    }
    throw new TablesUnavailableError('write webhook event', `${MOST_TRIES} others were faster`);
  };

  const keysBetween = (source: string, from: string, to: string, limit: number): Promise<string[]> =>
    calling('read webhook events', async () => {
      const filter = odata`PartitionKey eq ${source} and RowKey ge ${from} and RowKey lt ${to}`;
      const pages = table
        .listEntities<{ rowKey: string }>({ queryOptions: { filter, select: ['RowKey'] } })
        .byPage({ maxPageSize: Math.min(limit, 1000) });
      const found: string[] = [];
      for await (const page of pages) {
        found.push(...page.map(({ rowKey }) => rowKey));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    });

  /** Keys of the events whose wake-up is due, the earliest first. */
  const due = async (source: string, until: Instant, limit: number): Promise<string[]> =>
    (await keysBetween(source, 'w-', `w-${until}`, limit)).map(eventKeyIn);

  /** Keys of the events that wait for a replay, in the order in which they came. */
  const kept = async (source: string, limit = Infinity): Promise<string[]> =>
    (await keysBetween(source, 'k-', 'k.', limit)).map(eventKeyIn);

  /** Every source that ever sent an event, those that are not described any more as well. */
  const sources = (): Promise<string[]> =>
    calling('read sources', async () => {
      const filter = odata`PartitionKey eq ${DIRECTORY}`;
      const names: string[] = [];
      for await (const { rowKey } of table.listEntities<{ rowKey: string }>({ queryOptions: { filter } })) {
        names.push(rowKey);
      }
      return names;
    });

  return { create, read, readContent, change, due, kept, sources };
}

export type WebhookEvents = ReturnType<typeof makeWebhookEvents>;

/** The one transaction of a change, derived from how the event was and how it shall be. */
function transactionOf(
  { event: before, etag }: StoredWebhookEvent,
  after: WebhookEvent | 'delete',
): TransactionAction[] {
  const { source: partitionKey, key } = before;
  const remove = (rowKey: string): TransactionAction => ['delete', { partitionKey, rowKey }];
  const put = (rowKey: string): TransactionAction => ['upsert', { partitionKey, rowKey }, 'Replace'];
  const [wasKept, wasDone] = [before.status === 'kept', before.status === 'done'];
  if (after === 'delete') {
    return [
      remove(keyOf.event(key)),
      // Deletes in a transaction know no ETag. An event that was put back meanwhile has moved its wake-up, and nothing happens.
      remove(keyOf.wakeUp(before)),
      ...(wasDone ? [] : [remove(keyOf.content(key))]),
      ...(wasKept ? [remove(keyOf.kept(before))] : []),
    ];
  }
  const isKept = after.status === 'kept';
  const isMoved = keyOf.wakeUp(before) !== keyOf.wakeUp(after);
  return [
    ['update', { ...toEntity(after) }, 'Replace', { etag }],
    ...(isMoved ? [remove(keyOf.wakeUp(before)), put(keyOf.wakeUp(after))] : []),
    ...(after.status === 'done' && !wasDone ? [remove(keyOf.content(key))] : []),
    ...(isKept && !wasKept ? [put(keyOf.kept(after))] : []),
    ...(wasKept && !isKept ? [remove(keyOf.kept(before))] : []),
  ];
}

const piecesOf = (bytes: Buffer): Record<string, Uint8Array> =>
  Object.fromEntries(
    Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, index) => [
      `piece${index}`,
      bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
    ]),
  );

function bytesOf(entity: Record<string, unknown>): Buffer {
  const pieces = Array.from({ length: PIECES }, (_, index) => entity[`piece${index}`]);
  return Buffer.concat(pieces.filter((piece) => piece instanceof Uint8Array));
}

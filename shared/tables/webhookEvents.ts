import { type TransactionAction, odata } from '@azure/data-tables';
import type { Instant } from '../domain/time';
import type { WebhookEvent } from '../domain/webhookEvent';
import { makeSeal } from '../seal';
import type { Tables } from './openTables';
import { TablesUnavailableError, calling, readOrUndefined, refusalOf } from './tablesError';
import {
  type EventEntity,
  type StoredWebhookEvent,
  fromEventEntity,
  fromPieces,
  keyIn,
  rowKeys,
  toEventEntity,
  toPieces,
  webhookTransactionOf,
} from './webhookEventEntity';

/** What an event says, and the header that names it, where the source goes by a header. */
export interface WebhookContent {
  event: string;
  idHeader?: string;
}

/** No source can have this name. */
const DIRECTORY = '_sources';

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
        ['create', { ...toEventEntity(event) }],
        ['create', { partitionKey, rowKey: rowKeys.content(key), ...toPieces(bytes) }],
        ['create', { partitionKey, rowKey: rowKeys.wakeUp(event) }],
      ]);
      return true;
    } catch (error) {
      if (refusalOf(error) !== 409) throw error;
      return false;
    }
  };

  const read = async (source: string, key: string): Promise<StoredWebhookEvent | undefined> => {
    const entity = await readOrUndefined('read webhook event', () =>
      table.getEntity<EventEntity>(source, rowKeys.event(key)),
    );
    return entity && { event: fromEventEntity(entity), etag: entity.etag };
  };

  /** Undefined once the event is done. */
  const readContent = async ({ source, key }: WebhookEvent): Promise<WebhookContent | undefined> => {
    const entity = await readOrUndefined('read webhook event', () => table.getEntity(source, rowKeys.content(key)));
    if (!entity) return undefined;
    const bytes = sealed.open(fromPieces(entity), `${source} ${key}`);
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
        await submit('write webhook event', webhookTransactionOf(before, after));
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
    (await keysBetween(source, 'w-', `w-${until}`, limit)).map(keyIn);

  /** Keys of the events that wait for a replay, in the order in which they came. */
  const kept = async (source: string, limit = Infinity): Promise<string[]> =>
    (await keysBetween(source, 'k-', 'k.', limit)).map(keyIn);

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

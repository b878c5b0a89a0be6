import { type TransactionAction, odata } from '@azure/data-tables';
import { partitionNames } from '../domain/ids';
import type { Instant } from '../domain/time';
import {
  EXPIRY,
  type KeyEntity,
  type KeyRecord,
  expiryOf,
  fromKeyEntity,
  keptUntil,
  keyIn,
  toKeyEntity,
} from './idempotencyKeyEntity';
import type { Tables } from './openTables';
import { TablesUnavailableError, calling, readOrUndefined, refusalOf } from './tablesError';

const MOST_TRIES = 10;

const PARTITIONS = 256;

/** Two entities a key, a hundred a transaction. */
const KEYS_A_TRANSACTION = 50;

type Entry = Pick<KeyEntity, 'partitionKey' | 'rowKey'>;

export function makeIdempotencyKeys(tables: Tables) {
  const table = tables.idempotencyKeys;

  const submit = (operation: string, actions: TransactionAction[]) =>
    calling(operation, () => table.submitTransaction(actions));

  /** False when another request took the key first, or it was deleted meanwhile. */
  const renew = async (entity: KeyEntity, found: KeyEntity & { etag: string }): Promise<boolean> => {
    try {
      await submit('renew idempotency key', [
        ['update', { ...entity }, 'Replace', { etag: found.etag }],
        ['delete', expiryOf(found)],
        ['upsert', expiryOf(entity), 'Replace'],
      ]);
      return true;
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      return false;
    }
  };

  /** Takes the key, or gives what an earlier request left under it. A record older than seven days counts as none. */
  const take = async (
    caller: string,
    key: string,
    record: KeyRecord,
    triesLeft = MOST_TRIES,
  ): Promise<KeyRecord | undefined> => {
    if (triesLeft === 0) throw new TablesUnavailableError('take idempotency key', `${MOST_TRIES} others were faster`);
    const entity = toKeyEntity(caller, key, record);
    try {
      await submit('take idempotency key', [
        ['create', { ...entity }],
        ['upsert', expiryOf(entity), 'Replace'],
      ]);
      return undefined;
    } catch (error) {
      if (refusalOf(error) !== 409) throw error;
    }
    const found = await readOrUndefined('read idempotency key', () =>
      table.getEntity<KeyEntity>(entity.partitionKey, entity.rowKey),
    );
    // Our own insert whose answer was lost and which the client tried again.
    if (found?.invitationId === record.invitationId) return undefined;
    if (found && keptUntil(found.createdAt) > record.createdAt) return fromKeyEntity(found);
    // It ran out, or was deleted a moment ago.
    return found && (await renew(entity, found)) ? undefined : take(caller, key, record, triesLeft - 1);
  };

  /** Rewrites what the key stands for: a duplicate's answer is that of the invitation that is open already. */
  const answerWith = async (caller: string, key: string, record: KeyRecord): Promise<void> => {
    await calling('record answer', () => table.upsertEntity(toKeyEntity(caller, key, record), 'Replace'));
  };

  /** A key that was renewed has moved its expiry, one that is gone has none: then nothing of the transaction happens. */
  const remove = async (expired: Entry[]): Promise<number> => {
    const actions = expired.flatMap(({ partitionKey, rowKey }): TransactionAction[] => [
      ['delete', { partitionKey, rowKey }],
      ['delete', { partitionKey, rowKey: keyIn(rowKey) }],
    ]);
    try {
      await submit('delete idempotency keys', actions);
      return expired.length;
    } catch (error) {
      if (refusalOf(error) !== 404) throw error;
    }
    if (expired.length === 1) return 0;
    let removed = 0;
    for (const entry of expired) removed += await remove([entry]);
    return removed;
  };

  /**
   * Deletes the keys of one partition that ran out before `until`, and says how many; reads them and nothing else. Ends
   * where it fails: the next run finds what is left. Throws `TablesUnavailableError`.
   */
  const removeExpired = async (partition: string, until: Instant): Promise<number> => {
    const filter = odata`PartitionKey eq ${partition} and RowKey ge ${EXPIRY} and RowKey lt ${EXPIRY + until}`;
    const pages = table
      .listEntities<Entry>({ queryOptions: { filter, select: ['PartitionKey', 'RowKey'] } })
      .byPage({ maxPageSize: KEYS_A_TRANSACTION });
    const iterator = pages[Symbol.asyncIterator]();
    for (let removed = 0; ;) {
      const page = await calling('read expired idempotency keys', () => iterator.next());
      if (page.done) return removed;
      if (page.value.length > 0) removed += await remove(page.value);
    }
  };

  return { take, answerWith, removeExpired };
}

/** Every partition there is of the table. */
export const keyPartitions = (): string[] => partitionNames(PARTITIONS);

export type IdempotencyKeys = ReturnType<typeof makeIdempotencyKeys>;

import { type TransactionAction, odata } from '@azure/data-tables';
import { partitionNames, sha256 } from '../domain/ids';
import type { Warning } from '../domain/invitation';
import { type Instant, addMs } from '../domain/time';
import type { Tables } from './openTables';
import { TablesUnavailableError, calling, readOrUndefined, refusalOf } from './tablesError';

/** What one entry of a request was answered with, where that is not "202 and the invitation under the key's id". */
export type EntryAnswer =
  /** `id`: of the invitation that was open already. */
  | { index: number; status: 200 | 409; id: string; warnings?: Warning[] }
  /** Of several: refused for what it asks, or for a quota. */
  | { index: number; status: 400 | 429 };

/** What a request with an Idempotency-Key left: a repeat gives the same answer. Holds ids and names, no address. */
export interface KeyRecord {
  fingerprint: string;
  invitationId: string;
  /** When the key was first taken: never changed while it is kept. */
  createdAt: Instant;
  /** The request ended without an answer, so a repeat need not wait until it counts as dead. */
  isOver?: boolean;
  /** The answer, once it differs from "202 and the invitation with this id"; of several entries once all are through. */
  answer?: { entries: EntryAnswer[] };
}

interface KeyEntity {
  partitionKey: string;
  rowKey: string;
  fingerprint: string;
  invitationId: string;
  createdAt: Instant;
  isOver: boolean;
  /** JSON in as many properties as it takes: one holds 32,768 characters. */
  answer0?: string;
  answer1?: string;
  answer2?: string;
  answer3?: string;
}

const ANSWERS = ['answer0', 'answer1', 'answer2', 'answer3'] as const;
const ANSWER_LENGTH = 32_000;

const KEPT_MS = 7 * 24 * 3600_000;

const keptUntil = (createdAt: Instant): Instant => addMs(createdAt, KEPT_MS);

const keyOf = (caller: string, key: string) => {
  const rowKey = sha256(`${caller}\n${key}`);
  return { partitionKey: rowKey.slice(0, 2), rowKey };
};

const MOST_TRIES = 10;

const EXPIRY = 'e-';
const PARTITIONS = 256;
/** Two entities a key, a hundred a transaction. */
const KEYS_A_TRANSACTION = 50;

/**
 * Stands beside each key, written and deleted in the key's own transactions, and says until when it is kept: what has
 * run out is then a range of RowKeys. Whoever renews a key moves this, so nobody deletes what was renewed meanwhile.
 */
const expiryOf = ({ partitionKey, rowKey, createdAt }: Pick<KeyEntity, 'partitionKey' | 'rowKey' | 'createdAt'>) => ({
  partitionKey,
  rowKey: `${EXPIRY}${keptUntil(createdAt)}-${rowKey}`,
});

const toEntity = (caller: string, key: string, record: KeyRecord): KeyEntity => ({
  ...keyOf(caller, key),
  fingerprint: record.fingerprint,
  invitationId: record.invitationId,
  createdAt: record.createdAt,
  isOver: record.isOver ?? false,
  ...toAnswers(record.answer),
});

/** Without names, for there may be a thousand entries. */
type PackedAnswer = [index: number, status: EntryAnswer['status'], id?: string, warnings?: Warning[]];

const packed = (entry: EntryAnswer): PackedAnswer => {
  if (!('id' in entry)) return [entry.index, entry.status];
  const { index, status, id, warnings } = entry;
  return warnings ? [index, status, id, warnings] : [index, status, id];
};

const unpacked = ([index, status, id, warnings]: PackedAnswer): EntryAnswer =>
  id !== undefined && (status === 200 || status === 409)
    ? { index, status, id, ...(warnings ? { warnings } : {}) }
    : { index, status: status === 429 ? 429 : 400 };

/** Throws a RangeError for more than fits: a thousand entries take some 50,000 characters. */
function toAnswers(answer: KeyRecord['answer']): Partial<KeyEntity> {
  if (!answer) return {};
  const json = JSON.stringify(answer.entries.map(packed));
  if (json.length > ANSWERS.length * ANSWER_LENGTH) throw new RangeError(`An answer has ${json.length} characters.`);
  return Object.fromEntries(
    ANSWERS.map((name, index) => [name, json.slice(index * ANSWER_LENGTH, (index + 1) * ANSWER_LENGTH)]),
  );
}

function fromAnswers(entity: KeyEntity): Pick<KeyRecord, 'answer'> {
  const json = ANSWERS.map((name) => entity[name] ?? '').join('');
  return json === '' ? {} : { answer: { entries: (JSON.parse(json) as PackedAnswer[]).map(unpacked) } };
}

const fromEntity = (entity: KeyEntity): KeyRecord => ({
  fingerprint: entity.fingerprint,
  invitationId: entity.invitationId,
  createdAt: entity.createdAt,
  ...(entity.isOver ? { isOver: true } : {}),
  ...fromAnswers(entity),
});

type Entry = Pick<KeyEntity, 'partitionKey' | 'rowKey'>;

/** The key that an expiry stands beside. */
const keyIn = (rowKey: string): string => rowKey.slice(rowKey.lastIndexOf('-') + 1);

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
    const entity = toEntity(caller, key, record);
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
    if (found && keptUntil(found.createdAt) > record.createdAt) return fromEntity(found);
    // It ran out, or was deleted a moment ago.
    return found && (await renew(entity, found)) ? undefined : take(caller, key, record, triesLeft - 1);
  };

  /** Rewrites what the key stands for: a duplicate's answer is that of the invitation that is open already. */
  const answerWith = async (caller: string, key: string, record: KeyRecord): Promise<void> => {
    await calling('record answer', () => table.upsertEntity(toEntity(caller, key, record), 'Replace'));
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

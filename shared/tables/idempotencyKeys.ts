import { sha256 } from '../domain/ids';
import { type Instant, toMs } from '../domain/time';
import type { Tables } from './openTables';
import { calling, readOrUndefined, refusalOf } from './tablesError';

/** What a request with an Idempotency-Key left: a repeat gives the same answer. Holds ids and names, no address. */
export interface KeyRecord {
  fingerprint: string;
  invitationId: string;
  createdAt: Instant;
  /** The answer, once it differs from "202 and the invitation with this id". */
  answer?: { status: number; warnings: string };
}

interface KeyEntity {
  partitionKey: string;
  rowKey: string;
  fingerprint: string;
  invitationId: string;
  createdAt: Instant;
  answerStatus: number;
  answerWarnings: string;
}

const KEPT_MS = 7 * 24 * 3600_000;

const keyOf = (caller: string, key: string) => {
  const rowKey = sha256(`${caller}\n${key}`);
  return { partitionKey: rowKey.slice(0, 2), rowKey };
};

const toEntity = (caller: string, key: string, record: KeyRecord): KeyEntity => ({
  ...keyOf(caller, key),
  fingerprint: record.fingerprint,
  invitationId: record.invitationId,
  createdAt: record.createdAt,
  answerStatus: record.answer?.status ?? 0,
  answerWarnings: record.answer?.warnings ?? '',
});

const fromEntity = (entity: KeyEntity): KeyRecord => ({
  fingerprint: entity.fingerprint,
  invitationId: entity.invitationId,
  createdAt: entity.createdAt,
  ...(entity.answerStatus === 0 ? {} : { answer: { status: entity.answerStatus, warnings: entity.answerWarnings } }),
});

export function makeIdempotencyKeys(tables: Tables) {
  const table = tables.idempotencyKeys;

  /** False when another request took the key first. */
  const renew = async (entity: KeyEntity, etag: string): Promise<boolean> => {
    try {
      await calling('renew idempotency key', () => table.updateEntity(entity, 'Replace', { etag }));
      return true;
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      return false;
    }
  };

  /** Takes the key, or gives what an earlier request left under it. A record older than seven days counts as none. */
  const take = async (caller: string, key: string, record: KeyRecord): Promise<KeyRecord | undefined> => {
    const entity = toEntity(caller, key, record);
    try {
      await calling('take idempotency key', () => table.createEntity(entity));
      return undefined;
    } catch (error) {
      if (refusalOf(error) !== 409) throw error;
    }
    const found = await readOrUndefined('read idempotency key', () =>
      table.getEntity<KeyEntity>(entity.partitionKey, entity.rowKey),
    );
    // Gone in between, or our own insert whose answer was lost and which the client tried again: ours now.
    if (!found || found.invitationId === record.invitationId) return undefined;
    if (toMs(found.createdAt) + KEPT_MS > toMs(record.createdAt)) return fromEntity(found);
    return (await renew(entity, found.etag)) ? undefined : take(caller, key, record);
  };

  /** Rewrites what the key stands for: a duplicate's answer is that of the invitation that is open already. */
  const answerWith = async (caller: string, key: string, record: KeyRecord): Promise<void> => {
    await calling('record answer', () => table.upsertEntity(toEntity(caller, key, record), 'Replace'));
  };

  return { take, answerWith };
}

export type IdempotencyKeys = ReturnType<typeof makeIdempotencyKeys>;

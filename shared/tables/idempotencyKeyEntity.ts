import { sha256 } from '../domain/ids';
import type { Warning } from '../domain/invitation';
import { type Instant, addMs } from '../domain/time';

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

export interface KeyEntity {
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

export const keptUntil = (createdAt: Instant): Instant => addMs(createdAt, KEPT_MS);

const keyOf = (caller: string, key: string) => {
  const rowKey = sha256(`${caller}\n${key}`);
  return { partitionKey: rowKey.slice(0, 2), rowKey };
};

/** Where the RowKeys of expiries begin, which go on with the time until which a key is kept. */
export const EXPIRY = 'e-';

/**
 * Stands beside each key, written and deleted in the key's own transactions, and says until when it is kept: what has
 * run out is then a range of RowKeys. Whoever renews a key moves this, so nobody deletes what was renewed meanwhile.
 */
export const expiryOf = ({
  partitionKey,
  rowKey,
  createdAt,
}: Pick<KeyEntity, 'partitionKey' | 'rowKey' | 'createdAt'>) => ({
  partitionKey,
  rowKey: `${EXPIRY}${keptUntil(createdAt)}-${rowKey}`,
});

/** The key that an expiry stands beside. */
export const keyIn = (rowKey: string): string => rowKey.slice(rowKey.lastIndexOf('-') + 1);

export const toKeyEntity = (caller: string, key: string, record: KeyRecord): KeyEntity => ({
  ...keyOf(caller, key),
  fingerprint: record.fingerprint,
  invitationId: record.invitationId,
  createdAt: record.createdAt,
  isOver: record.isOver ?? false,
  ...toAnswers(record.answer),
});

export const fromKeyEntity = (entity: KeyEntity): KeyRecord => ({
  fingerprint: entity.fingerprint,
  invitationId: entity.invitationId,
  createdAt: entity.createdAt,
  ...(entity.isOver ? { isOver: true } : {}),
  ...fromAnswers(entity),
});

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

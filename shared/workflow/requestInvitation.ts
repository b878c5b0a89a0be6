import { createHmac } from 'node:crypto';
import { canonical } from '../domain/canonical';
import { derivedId, invitationId, partitionOf, personHash } from '../domain/ids';
import { type AskedInvitation, type OnDuplicate, type RequestRules, parseRequest } from '../domain/parseRequest';
import { type Instant, toMs } from '../domain/time';
import type { EntryAnswer, IdempotencyKeys, KeyRecord } from '../tables/idempotencyKeys';
import {
  type Entry,
  type EntryResult,
  type StoreParts,
  duplicateWarnings,
  makeStoreInvitation,
} from './storeInvitation';

export interface RequestParts extends StoreParts {
  idempotencyKeys: IdempotencyKeys;
  rules: RequestRules;
  hashKey: string;
  partitions: number;
  randomBytes: (size: number) => Uint8Array;
}

export interface Asked {
  body: unknown;
  caller: string;
  /** The caller may see its own invitations alone: of an open one that another made it learns nothing but that it is. */
  seesOnlyOwn?: boolean;
  idempotencyKey: string | undefined;
}

export type RequestResult =
  | EntryResult
  /** Several recipients: one invitation and one result each, in the order of the request. */
  | { type: 'batch'; batchId: string; results: (EntryResult | Anothers)[] }
  /** Of an invitation that the caller may not see. */
  | Anothers
  | { type: 'keyReused' }
  | { type: 'inProgress' };

/** How long a key without an invitation counts as a request that is still running. */
const IN_PROGRESS_MS = 60_000;

/**
 * Takes a request: validate → idempotency key → estimate → one transaction → hint, for each person that it names. When it
 * returns `accepted` the invitation is stored and will go out whatever happens next. Throws `TablesUnavailableError` and
 * leaves nothing that a repeat can't finish.
 */
export function makeRequestInvitation(parts: RequestParts) {
  const { invitations, idempotencyKeys } = parts;
  const store = makeStoreInvitation(parts);

  return async (asked: Asked): Promise<RequestResult> => {
    const result = await take(asked);
    if (asked.seesOnlyOwn !== true) return result;
    if (result.type !== 'batch') return withoutOthers(asked.caller, result);
    return { ...result, results: await Promise.all(result.results.map((each) => withoutOthers(asked.caller, each))) };
  };

  async function withoutOthers<T extends RequestResult>(caller: string, result: T): Promise<T | Anothers> {
    if (result.type === 'accepted') return result.stored.invitation.caller === caller ? result : ANOTHERS;
    if (result.type !== 'duplicate') return result;
    const open = await invitations.read(result.id);
    return open?.invitation.caller === caller ? result : ANOTHERS;
  }

  async function take(asked: Asked): Promise<RequestResult> {
    const parsed = parseRequest(asked.body, parts.rules);
    if (!parsed.ok) return { type: 'invalid', faults: parsed.faults };
    const { idempotencyKey, caller } = asked;
    const now = invitations.now();
    const under = (id: string): Entry[] => entriesOf(parsed, id, asked);
    const [first] = parsed.asked;
    const id = invitationId(
      toMs(now),
      parts.randomBytes(10),
      partitionOf(hashOf(first?.person ?? ''), parts.partitions),
    );
    if (idempotencyKey === undefined) return storeAll(under(id), now);

    const record = { fingerprint: fingerprintOf(asked.body), invitationId: id, createdAt: now };
    const earlier = await idempotencyKeys.take(caller, idempotencyKey, record);
    if (!earlier) return storeUnderKey(under(id), now, record, idempotencyKey);
    if (earlier.fingerprint !== record.fingerprint) return { type: 'keyReused' };
    const entries = under(earlier.invitationId);
    const answered = await repeat(entries, earlier);
    if (answered) return answered;
    if (earlier.isOver !== true && toMs(now) - toMs(earlier.createdAt) < IN_PROGRESS_MS) return { type: 'inProgress' };
    // The first try died before it was through: go on under the ids it chose.
    const resumed = { ...record, invitationId: earlier.invitationId, createdAt: earlier.createdAt };
    return storeUnderKey(entries, now, resumed, idempotencyKey);
  }

  function hashOf(person: string): string {
    return personHash(parts.hashKey, person);
  }

  /** A single invitation has the request's own id; several have ids that follow from it. */
  function entriesOf(
    parsed: { asked: AskedInvitation[]; onDuplicate: OnDuplicate },
    requestId: string,
    { caller, seesOnlyOwn = false }: Asked,
  ): Entry[] {
    const { onDuplicate } = parsed;
    return parsed.asked.map((asked, index) => {
      const person = hashOf(asked.person);
      const entry = { asked, onDuplicate, person, caller, seesOnlyOwn };
      if (parsed.asked.length === 1) return { ...entry, id: requestId };
      const id = derivedId(requestId, index, partitionOf(person, parts.partitions));
      return { ...entry, id, batchId: requestId };
    });
  }

  /** Keyed, because a body holds an address that could be guessed. */
  function fingerprintOf(body: unknown): string {
    return createHmac('sha256', parts.hashKey)
      .update(`body:${canonical(body)}`)
      .digest('hex');
  }

  async function storeAll(entries: Entry[], now: Instant): Promise<RequestResult> {
    const results: EntryResult[] = [];
    const byPerson = new Map<string, EntryResult>();
    for (const entry of entries) {
      // The claim alone would not tell: the first one may be through before the second is looked at.
      const first = entry.onDuplicate === 'allow' ? undefined : byPerson.get(entry.person);
      const result = first ? sameAgain(entry, first) : await store(entry, now);
      byPerson.set(entry.person, result);
      results.push(result);
    }
    return resultOf(entries, results);
  }

  /** The answer of the first request with the same key; undefined while it left none. */
  async function repeat(entries: Entry[], { answer }: KeyRecord): Promise<RequestResult | undefined> {
    if (!answer && entries.length > 1) return undefined;
    const results: EntryResult[] = [];
    for (const [index, entry] of entries.entries()) {
      const noted = answer?.entries.find((each) => each.index === index);
      if (noted?.status === 409) {
        results.push({ type: 'duplicate', id: noted.id });
        continue;
      }
      const stored = await invitations.read(noted?.id ?? entry.id);
      if (!stored) return undefined;
      const isOther = noted?.status === 200;
      const warnings = isOther
        ? (noted.warnings ?? duplicateWarnings(entry.asked, stored))
        : stored.invitation.warnings;
      results.push({ type: 'accepted', status: isOther ? 200 : 202, stored, warnings });
    }
    return resultOf(entries, results);
  }

  /** "202 and the invitation under this id" needs no second write: the key already says so. Other answers are noted. */
  async function storeUnderKey(entries: Entry[], now: Instant, record: KeyRecord, key: string): Promise<RequestResult> {
    const caller = entries[0]?.caller ?? '';
    const result = await storeAll(entries, now).catch(async (error: unknown) => {
      await idempotencyKeys.answerWith(caller, key, over(record)).catch(() => undefined);
      throw error;
    });
    // Nothing was stored, so there is nothing to repeat.
    if (result.type === 'invalid') await idempotencyKeys.answerWith(caller, key, over(record));
    const answer = answerOf(result);
    if (answer) await idempotencyKeys.answerWith(caller, key, { ...record, answer });
    return result;
  }
}

/** The same person once more in one request is a duplicate. */
function sameAgain({ asked, onDuplicate }: Entry, first: EntryResult): EntryResult {
  if (first.type !== 'accepted') return first;
  const { stored } = first;
  return onDuplicate === 'reject'
    ? { type: 'duplicate', id: stored.invitation.id }
    : { type: 'accepted', status: 200, stored, warnings: duplicateWarnings(asked, stored) };
}

/** The answer says to send the same again, so a repeat need not wait until this request counts as dead. */
const over = (record: KeyRecord): KeyRecord => ({ ...record, isOver: true });

interface Anothers {
  type: 'duplicateOfAnothers';
}

const ANOTHERS: Anothers = { type: 'duplicateOfAnothers' };

const resultOf = (entries: Entry[], results: EntryResult[]): RequestResult => {
  const batchId = entries[0]?.batchId;
  const [only] = results;
  return batchId === undefined && only ? only : { type: 'batch', batchId: batchId ?? '', results };
};

/** What a repeat could not tell from the invitations themselves. */
function answerOf(result: RequestResult): KeyRecord['answer'] {
  const isBatch = result.type === 'batch';
  const results: RequestResult[] = isBatch ? result.results : [result];
  const entries = results.flatMap((each, index): EntryAnswer[] => {
    if (each.type === 'duplicate') return [{ index, status: 409, id: each.id }];
    if (each.type !== 'accepted' || each.status !== 200) return [];
    // Those of several are made again from what was asked: together they may outgrow an entity.
    return [{ index, status: 200, id: each.stored.invitation.id, ...(isBatch ? {} : { warnings: each.warnings }) }];
  });
  return isBatch || entries.length > 0 ? { entries } : undefined;
}

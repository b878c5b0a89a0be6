import { derivedId, invitationId, partitionOf, personHash } from '../domain/ids';
import { type OnDuplicate, type RequestRules, parseRequest } from '../domain/parseRequest';
import type { Origin } from '../domain/invitation';
import { type Instant, toMs } from '../domain/time';
import type { EntryAnswer, KeyRecord } from '../tables/idempotencyKeyEntity';
import type { IdempotencyKeys } from '../tables/idempotencyKeys';
import { type Entry, type EntryResult, type StoreParts, alreadyOpen, duplicateWarnings } from './storeInvitation';
import { makeStoreWithinQuota } from './storeWithinQuota';
import { fingerprintOf, over, takeKey } from './takeKey';
import { type Anothers, withoutOthers } from './withoutOthers';

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
  /** Stands for the body under the key, where a repeat may bring another and the first one counts. */
  fingerprint?: string;
  /** When the event of its source came; left out: now. */
  askedAt?: Instant;
  origin?: Origin;
}

export type RequestResult =
  | EntryResult
  /** Several recipients: one invitation and one result each, in the order of the request. */
  | { type: 'batch'; batchId: string; results: (EntryResult | Anothers)[] }
  /** Of an invitation that the caller may not see. */
  | Anothers
  | { type: 'keyReused' }
  | { type: 'inProgress' };

/**
 * Takes a request: validate → idempotency key → estimate → one transaction → hint, for each person that it names. When it
 * returns `accepted` the invitation is stored and will go out whatever happens next. Throws `TablesUnavailableError` and
 * leaves nothing that a repeat can't finish.
 */
export function makeRequestInvitation(parts: RequestParts) {
  const { invitations, idempotencyKeys } = parts;
  const store = makeStoreWithinQuota(parts);

  return async (asked: Asked): Promise<RequestResult> => {
    const result = await take(asked);
    if (asked.seesOnlyOwn !== true || result.type === 'keyReused' || result.type === 'inProgress') return result;
    if (result.type !== 'batch') return withoutOthers(result, asked.caller, invitations);
    const results = await Promise.all(result.results.map((each) => withoutOthers(each, asked.caller, invitations)));
    return { ...result, results };
  };

  async function take(asked: Asked): Promise<Taken> {
    const parsed = parseRequest(asked.body, parts.rules);
    if (!parsed.ok) return { type: 'invalid', faults: parsed.faults };
    const { idempotencyKey, caller } = asked;
    const now = invitations.now();
    const people = parsed.asked.map((each) => ({ asked: each, person: personHash(parts.hashKey, each.person) }));
    const under = (id: string): Entry[] => entriesOf(people, parsed.onDuplicate, id, asked);
    const id = invitationId(toMs(now), parts.randomBytes(10), partitionOf(people[0]?.person ?? '', parts.partitions));
    if (idempotencyKey === undefined) return storeAll(under(id), now, false);

    const fingerprint = asked.fingerprint ?? fingerprintOf(parts.hashKey, 'body', [asked.body]);
    const record = { fingerprint, invitationId: id, createdAt: now };
    const taken = await takeKey(idempotencyKeys, caller, idempotencyKey, record, now);
    if (taken.type === 'keyReused') return taken;
    const keyed = { caller, key: idempotencyKey };
    if (taken.type === 'first') return underKey(record, keyed, () => storeAll(under(id), now, false));
    const { record: earlier, mayGoOn } = taken;
    const entries = under(earlier.invitationId);
    const answered = await repeat(entries, earlier, now, keyed);
    if (answered) return answered;
    if (!mayGoOn) return { type: 'inProgress' };
    // The first try died before it was through: go on under the ids it chose.
    const resumed = { ...record, invitationId: earlier.invitationId, createdAt: earlier.createdAt };
    return underKey(resumed, keyed, () => storeAll(entries, now, true));
  }

  /** A single invitation has the request's own id; several have ids that follow from it. */
  function entriesOf(
    people: readonly Pick<Entry, 'asked' | 'person'>[],
    onDuplicate: OnDuplicate,
    requestId: string,
    { caller, seesOnlyOwn = false, askedAt, origin }: Asked,
  ): Entry[] {
    return people.map(({ asked, person }, index) => {
      const more = { ...(askedAt === undefined ? {} : { askedAt }), ...(origin ? { origin } : {}) };
      const entry = { asked, onDuplicate, person, caller, seesOnlyOwn, ...more };
      if (people.length === 1) return { ...entry, id: requestId };
      const id = derivedId(requestId, index, partitionOf(person, parts.partitions));
      return { ...entry, id, batchId: requestId };
    });
  }

  async function storeAll(entries: Entry[], now: Instant, isRepeat: boolean): Promise<Taken> {
    const results: EntryResult[] = [];
    const byPerson = new Map<string, EntryResult>();
    for (const entry of entries) {
      // The claim alone would not tell: the first one may be through before the second is looked at.
      const first = entry.onDuplicate === 'allow' ? undefined : byPerson.get(entry.person);
      const result = first ? sameAgain(entry, first) : await store(entry, now, isRepeat);
      byPerson.set(entry.person, result);
      results.push(result);
    }
    return resultOf(entries, results);
  }

  /** The answer of the first request with the same key, and what that refused for a quota; undefined while it left none. */
  async function repeat(entries: Entry[], earlier: KeyRecord, now: Instant, keyed: Keyed): Promise<Taken | undefined> {
    const { answer } = earlier;
    if (!answer && entries.length > 1) return undefined;
    const noted = new Map(answer?.entries.map((each) => [each.index, each]));
    const results: EntryResult[] = [];
    for (const [index, entry] of entries.entries()) {
      const result = await answeredBefore(entry, noted.get(index), now);
      if (!result) return undefined;
      results.push(result);
    }
    const result = resultOf(entries, results);
    const isMore = answer?.entries.some((each) => !('id' in each)) ?? false;
    return isMore ? underKey(earlier, keyed, () => Promise.resolve(result)) : result;
  }

  async function answeredBefore(
    entry: Entry,
    noted: EntryAnswer | undefined,
    now: Instant,
  ): Promise<EntryResult | undefined> {
    // What was refused left nothing to answer with: it is tried again.
    if (noted && !('id' in noted)) return store(entry, now, true);
    if (noted?.status === 409) return { type: 'duplicate', id: noted.id };
    const stored = await invitations.read(noted?.id ?? entry.id);
    if (!stored) return undefined;
    if (!noted) return { type: 'accepted', status: 202, stored, warnings: stored.invitation.warnings };
    return {
      type: 'accepted',
      status: 200,
      stored,
      warnings: noted.warnings ?? duplicateWarnings(entry.asked, stored),
    };
  }

  /** "202 and the invitation under this id" needs no second write: the key already says so. Other answers are noted. */
  async function underKey(record: KeyRecord, { caller, key }: Keyed, work: () => Promise<Taken>): Promise<Taken> {
    const result = await work().catch(async (error: unknown) => {
      await idempotencyKeys.answerWith(caller, key, over(record)).catch(() => undefined);
      throw error;
    });
    // Nothing was stored, so there is nothing to repeat.
    if (result.type === 'invalid' || result.type === 'overQuota') {
      await idempotencyKeys.answerWith(caller, key, over(record));
    }
    const answer = answerOf(result);
    if (answer) await idempotencyKeys.answerWith(caller, key, { ...record, answer });
    return result;
  }
}

/** The same person once more in one request is a duplicate. */
const sameAgain = (entry: Entry, first: EntryResult): EntryResult =>
  first.type === 'accepted' ? alreadyOpen(entry, first.stored) : first;

interface Keyed {
  caller: string;
  key: string;
}

/** Before it is known whether the caller may see it. */
type Taken =
  | EntryResult
  | { type: 'batch'; batchId: string; results: EntryResult[] }
  | { type: 'keyReused' }
  | { type: 'inProgress' };

const resultOf = (entries: Entry[], results: EntryResult[]): Taken => {
  const batchId = entries[0]?.batchId;
  const [only] = results;
  return batchId === undefined && only ? only : { type: 'batch', batchId: batchId ?? '', results };
};

/** What a repeat could not tell from the invitations themselves. */
function answerOf(result: Taken): KeyRecord['answer'] {
  const isBatch = result.type === 'batch';
  const results: Taken[] = isBatch ? result.results : [result];
  const entries = results.flatMap((each, index): EntryAnswer[] => {
    if (each.type === 'duplicate') return [{ index, status: 409, id: each.id }];
    if (isBatch && each.type === 'invalid') return [{ index, status: 400 }];
    if (isBatch && each.type === 'overQuota') return [{ index, status: 429 }];
    if (each.type !== 'accepted' || each.status !== 200) return [];
    // Those of several are made again from what was asked: together they may outgrow an entity.
    return [{ index, status: 200, id: each.stored.invitation.id, ...(isBatch ? {} : { warnings: each.warnings }) }];
  });
  return isBatch || entries.length > 0 ? { entries } : undefined;
}

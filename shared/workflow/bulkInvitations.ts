import { type BulkEntry, type BulkItem, type Place, itemsOf, placeOf } from '../domain/bulkEntry';
import { invitationId } from '../domain/ids';
import type { Origin, Warning } from '../domain/invitation';
import type { RequestFault } from '../domain/parseRequest';
import { type Instant, toMs } from '../domain/time';
import type { EntryAnswer, KeyRecord } from '../tables/idempotencyKeyEntity';
import type { ShortResult } from './claimQueues';
import { entryOf, isAsked } from './entryOf';
import type { RequestParts } from './requestInvitation';
import { someAtOnce } from './someAtOnce';
import { type OverQuota, duplicateWarnings } from './storeInvitation';
import { type StoreManyParts, makeStoreInvitations } from './storeInvitations';
import { fingerprintOf, over, takeKey } from './takeKey';
import { type Anothers, withoutOthers } from './withoutOthers';

export type BulkParts = RequestParts & StoreManyParts;

export interface BulkAsked {
  entries: BulkEntry[];
  caller: string;
  /** The caller may see its own invitations alone. */
  seesOnlyOwn: boolean;
  idempotencyKey: string | undefined;
  origin?: Origin;
}

export type Outcome =
  /** 202 for a new invitation, 200 for one that was open already. */
  | { type: 'accepted'; status: 202 | 200; id: string; warnings: Warning[] }
  | { type: 'duplicate'; id: string }
  | Anothers
  | { type: 'invalid'; faults: RequestFault[] }
  | OverQuota;

export interface BulkOutcome {
  place: Place;
  outcome: Outcome;
}

export type BulkResult =
  /** In the order of the request. */
  { type: 'bulk'; batchId: string; outcomes: BulkOutcome[] } | { type: 'keyReused' } | { type: 'inProgress' };

interface Done {
  item: BulkItem;
  result: ShortResult;
}

/**
 * Takes many requests in one call: each as POST /api/invitations would, with an outcome of its own. One Idempotency-Key
 * stands for all: a repeat answers as the first did, does what that did not get to, and tries again what was refused.
 * Throws `TablesUnavailableError` and leaves nothing that a repeat can't finish.
 */
export function makeBulkInvitations(parts: BulkParts) {
  const { invitations, idempotencyKeys } = parts;
  const storeAll = makeStoreInvitations(parts);

  return async (asked: BulkAsked): Promise<BulkResult> => {
    const now = invitations.now();
    const items = itemsOf(asked.entries, parts.rules);
    const batchId = invitationId(toMs(now), parts.randomBytes(10), '00');
    if (asked.idempotencyKey !== undefined) return underKey(asked.idempotencyKey, asked, items, batchId, now);
    const done = await store(items, asked, batchId, now, false);
    return { type: 'bulk', batchId, outcomes: await outcomesOf(items, done, [], asked, batchId) };
  };

  async function underKey(
    key: string,
    asked: BulkAsked,
    items: BulkItem[],
    newId: string,
    now: Instant,
  ): Promise<BulkResult> {
    const bodies = asked.entries.map(({ body }) => body);
    const record = { fingerprint: fingerprintOf(parts.hashKey, 'bulk', bodies), invitationId: newId, createdAt: now };
    const taken = await takeKey(idempotencyKeys, asked.caller, key, record, now);
    if (taken.type === 'keyReused') return taken;
    const isRepeat = taken.type === 'earlier';
    const kept: KeyRecord = isRepeat ? taken.record : record;
    const before = kept.answer?.entries;
    if (isRepeat && !before && !taken.mayGoOn) return { type: 'inProgress' };

    const batchId = kept.invitationId;
    const rest = before ? refusedOf(items, before) : items;
    const done = await store(rest, asked, batchId, now, isRepeat).catch(async (error: unknown) => {
      await idempotencyKeys.answerWith(asked.caller, key, over(kept)).catch(() => undefined);
      throw error;
    });
    const notes = [...(before ?? []).filter((note) => 'id' in note), ...done.flatMap(noteOf)];
    // What can't be understood is refused anew each time, so it is not worth a write.
    if (!before || rest.some(isAsked)) {
      await idempotencyKeys.answerWith(asked.caller, key, { ...kept, answer: { entries: notes } });
    }
    return { type: 'bulk', batchId, outcomes: await outcomesOf(items, done, notes, asked, batchId) };
  }

  async function store(
    items: BulkItem[],
    asked: BulkAsked,
    batchId: string,
    now: Instant,
    isRepeat: boolean,
  ): Promise<Done[]> {
    const sound = items.filter(isAsked);
    const entries = sound.map((item) => entryOf(item, asked, batchId, parts));
    const results = await storeAll(entries, batchId, now, isRepeat);
    const stored = new Map<BulkItem, ShortResult | undefined>(sound.map((item, nth) => [item, results[nth]]));
    return items.flatMap((item) => {
      const result = isAsked(item) ? stored.get(item) : { type: 'invalid' as const, faults: item.faults };
      return result ? { item, result } : [];
    });
  }

  /** Of those that were not done now, what was noted. */
  async function outcomesOf(
    items: BulkItem[],
    done: Done[],
    notes: EntryAnswer[],
    asked: BulkAsked,
    batchId: string,
  ): Promise<BulkOutcome[]> {
    const results = new Map(done.map(({ item, result }) => [item, result]));
    const noted = new Map(notes.map((note) => [note.index, note]));
    const outcomes = new Map<BulkItem, Outcome>();
    await someAtOnce(items, async (item) => {
      const result = results.get(item) ?? (await asBefore(item, noted.get(item.position), asked, batchId));
      outcomes.set(item, await shown(result, asked));
    });
    return items.flatMap((item) => {
      const outcome = outcomes.get(item);
      return outcome ? { place: placeOf(item), outcome } : [];
    });
  }

  /** Of what the first try made nothing needs to be read: its id follows from the call. */
  async function asBefore(
    item: BulkItem,
    note: EntryAnswer | undefined,
    asked: BulkAsked,
    batchId: string,
  ): Promise<ShortResult> {
    // The settings were changed since: whom it was for can't be told any more.
    if (!isAsked(item)) return { type: 'invalid', faults: item.faults };
    const { warnings } = item.asked;
    if (!note || !('id' in note)) {
      const { id, caller } = entryOf(item, asked, batchId, parts);
      return { type: 'accepted', status: 202, id, caller, warnings };
    }
    if (note.status === 409) return { type: 'duplicate', id: note.id };
    const stored = await invitations.read(note.id);
    if (!stored) return { type: 'duplicate', id: note.id };
    const { id, caller } = stored.invitation;
    return { type: 'accepted', status: 200, id, caller, warnings: duplicateWarnings(item.asked, stored) };
  }

  async function shown(result: ShortResult, asked: BulkAsked): Promise<Outcome> {
    if (result.type !== 'accepted')
      return asked.seesOnlyOwn ? withoutOthers(result, asked.caller, invitations) : result;
    const { caller, ...outcome } = result;
    return asked.seesOnlyOwn && caller !== asked.caller ? { type: 'duplicateOfAnothers' } : outcome;
  }
}

/** Those that were refused, for what they ask or for a quota: they are tried again. */
function refusedOf(items: BulkItem[], notes: EntryAnswer[]): BulkItem[] {
  const refused = new Set(notes.flatMap((note) => ('id' in note ? [] : note.index)));
  return items.filter(({ position }) => refused.has(position));
}

/** What a repeat could not tell from the call itself: all but "202 and a new invitation". */
function noteOf({ item, result }: Done): EntryAnswer[] {
  const index = item.position;
  switch (result.type) {
    case 'accepted':
      return result.status === 202 ? [] : [{ index, status: 200, id: result.id }];
    case 'duplicate':
      return [{ index, status: 409, id: result.id }];
    case 'invalid':
      // Should it be understood one day, by other settings, then all of it is to be done.
      return Array.from({ length: isAsked(item) ? 1 : item.size }, (_, nth) => ({ index: index + nth, status: 400 }));
    case 'overQuota':
      return [{ index, status: 429 }];
  }
}

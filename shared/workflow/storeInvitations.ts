import type { Change } from '../domain/history';
import { type Limit, limitOf } from '../domain/request';
import type { Instant } from '../domain/time';
import type { Gate } from '../graph/gate';
import type { StoredInvitation } from '../tables/invitationEntity';
import { type Placed, type ShortResult, claimQueues, headsOf, settle } from './claimQueues';
import { type HintBatch, makeHintBatch } from './hintBatch';
import { separate } from './lanes';
import { hintFor } from './sendHint';
import { someAtOnce } from './someAtOnce';
import { type Entry, type StoreParts, changeOf, linkToSource, makeStoreInvitation } from './storeInvitation';
import { isSpent, makeFindMade, overCallerQuota } from './storeWithinQuota';

/** What storing many needs besides what storing one does: a look at the places in line, which duplicates then don't take. */
export interface StoreManyParts extends StoreParts {
  gates: Record<Limit, Pick<Gate, 'estimate' | 'foresee' | 'reserve'>>;
}

/** Partitions are worked on side by side already. */
const AT_ONCE_IN_A_LANE = 4;

/** No transaction holds more: a hundred entities, and five at least for each invitation. */
const MOST_TOGETHER = 20;

/** One call under way. */
interface Run {
  results: (ShortResult | undefined)[];
  hints: HintBatch;
  now: Instant;
  /** An earlier try may have made some of them. */
  isRepeat: boolean;
}

/** Those of a call that the caller's quota lets in. */
interface Admitted extends Run {
  /** By place: when each may be sent; left out for what has to wait for something else anyway. */
  sendAt: Map<number, Instant>;
  /** How much of the quota is used up. Counted before it is known: after a failure nobody can tell how far it came. */
  spent: number;
}

/**
 * Stores the entries of one call, all of one caller, with the results that storing them one after the other would have:
 * the same person twice is a duplicate. Those of one partition share transactions and nothing is read for them, unless
 * something stands in the way of a transaction. What an invitation consists of is made when its transaction is, and let go
 * with it: a few hundred are there at a time, however many are stored. Doing it again under the same ids finishes what was begun. Throws
 * `TablesUnavailableError`.
 */
export function makeStoreInvitations(parts: StoreManyParts) {
  const { invitations, callerQuota, quotaPerRecipient, gates } = parts;
  const findMade = makeFindMade(parts);

  return async (entries: Entry[], batchId: string, now: Instant, isRepeat: boolean): Promise<ShortResult[]> => {
    const hints = makeHintBatch(parts.hints, batchId, invitations.now);
    const run: Run = { results: entries.map(() => undefined), hints, now, isRepeat };
    const queues = claimQueues(entries);
    try {
      for (let heads = headsOf(queues); heads.length > 0; heads = headsOf(queues)) await storeHeads(heads, run);
    } finally {
      await hints.end();
    }
    return run.results.flatMap((result) => result ?? []);
  };

  /** As many as the caller's quota has left; where it has none, what needs nothing new is still answered. */
  async function storeHeads(heads: Placed[], run: Run): Promise<void> {
    const granted = await callerQuota?.take(heads[0]?.entry.caller ?? '', heads.length);
    const count = granted?.count ?? heads.length;
    if (count === 0) {
      await someAtOnce(heads, async (head) => {
        const found = await findMade(head.entry, run.now, run.isRepeat);
        settle(head, found ?? overCallerQuota(parts, run.now), run.results);
      });
      return;
    }
    const first = heads.slice(0, count);
    const admitted: Admitted = { ...run, sendAt: new Map(), spent: 0 };
    try {
      await estimate(first, admitted);
      await storeAdmitted(first, admitted);
      await takePlaces(first, admitted);
    } finally {
      await granted?.giveBack(count - admitted.spent);
    }
  }

  /** In the order of the request. */
  async function estimate(placed: Placed[], { sendAt, now }: Admitted): Promise<void> {
    const lines = new Map<Limit, () => Instant>();
    for (const { place, entry } of placed) {
      const { request } = entry.asked;
      const isHeld = request.approval !== undefined || (request.notBefore ?? '') > now;
      if (isHeld) continue;
      const limit = limitOf(request);
      const next = lines.get(limit) ?? (await gates[limit].foresee());
      lines.set(limit, next);
      sendAt.set(place, next());
    }
  }

  /** Who comes after the call is estimated behind those that it made, not behind its duplicates. */
  async function takePlaces(placed: Placed[], { results, sendAt }: Admitted): Promise<void> {
    const made = new Map<Limit, number>();
    for (const { place, entry } of placed) {
      const result = results[place];
      if (result?.type !== 'accepted' || result.status !== 202 || !sendAt.has(place)) continue;
      const limit = limitOf(entry.asked.request);
      made.set(limit, (made.get(limit) ?? 0) + 1);
    }
    for (const [limit, count] of made) await gates[limit].reserve(count);
  }

  async function storeAdmitted(placed: Placed[], admitted: Admitted): Promise<void> {
    const { together, alone } = separate(placed, quotaPerRecipient);
    await someAtOnce(together, (lane) => storeTogether(lane, admitted));
    await someAtOnce(alone, async (ofPerson) => {
      admitted.spent += ofPerson.length;
      for (const each of ofPerson) await storeAlone(each, admitted);
    });
  }

  async function storeTogether(lane: Placed[], admitted: Admitted): Promise<void> {
    admitted.spent += lane.length;
    for (const { entry } of lane) await linkToSource(entry, admitted.now, parts);
    await storeLane(lane, admitted);
  }

  async function storeLane(lane: Placed[], admitted: Admitted): Promise<void> {
    const { now, sendAt } = admitted;
    const made: Change[] = [];
    for (let at = 0; at < lane.length;) {
      const next = lane.slice(at + made.length, at + MOST_TOGETHER);
      made.push(...next.map(({ place, entry }) => changeOf(entry, sendAt.get(place) ?? now, now)));
      const { tried, stored } = await invitations.createTogether(made, quotaPerRecipient !== undefined);
      const chunk = lane.slice(at, at + tried);
      at += tried;
      made.splice(0, tried);
      if (stored) await keepTogether(chunk, stored, admitted);
      else await storeHindered(chunk, admitted);
    }
  }

  /** Whose invitation is there already, or open, needs none; the others try again together, or at last each alone. */
  async function storeHindered(chunk: Placed[], admitted: Admitted): Promise<void> {
    await someAtOnce(
      chunk,
      async (each) => {
        const found = await findMade(each.entry, admitted.now, admitted.isRepeat);
        if (!found) return;
        settle(each, found, admitted.results);
        admitted.spent -= 1;
      },
      AT_ONCE_IN_A_LANE,
    );
    const rest = chunk.filter(({ place }) => admitted.results[place] === undefined);
    if (rest.length < chunk.length) return storeLane(rest, admitted);
    for (const each of rest) await storeAlone(each, admitted);
  }

  async function keepTogether(chunk: Placed[], stored: StoredInvitation[], admitted: Admitted): Promise<void> {
    for (const [nth, each] of chunk.entries()) {
      const made = stored[nth];
      if (!made) continue;
      const { warnings } = each.entry.asked;
      settle(each, { type: 'accepted', status: 202, stored: made, warnings }, admitted.results);
      const hint = hintFor(made, parts.tickMs, admitted.now);
      if (hint) await admitted.hints.send([hint], made.changeId, admitted.now);
    }
  }

  async function storeAlone(placed: Placed, admitted: Admitted): Promise<void> {
    const { place, entry } = placed;
    const { results, hints, now, sendAt, isRepeat } = admitted;
    const store = makeStoreInvitation({ ...parts, hints });
    const { result, isNew } = await store(entry, now, sendAt.get(place) ?? now);
    settle(placed, result, results);
    if (!isSpent(result, isNew, isRepeat)) admitted.spent -= 1;
  }
}

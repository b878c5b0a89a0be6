import type { Warning } from '../domain/invitation';
import { thingOf } from '../domain/request';
import { type Entry, type EntryResult, alreadyOpen } from './storeInvitation';

/** An entry, its place among the results, and the line for its claim that it stands in. */
export interface Placed {
  place: number;
  entry: Entry;
  queue: Placed[];
}

/** What became of an entry as far as an answer needs it: a call keeps a thousand of these, and of no invitation more. */
export type ShortResult =
  | { type: 'accepted'; status: 202 | 200; id: string; caller: string; warnings: Warning[] }
  | Exclude<EntryResult, { type: 'accepted' }>;

/**
 * Lines of entries that would take the same claim, in the order of the request: the first of each line can be stored beside
 * the first of every other. Those that take no claim stand alone.
 */
export function claimQueues(entries: Entry[]): Placed[][] {
  const queues = new Map<string, Placed[]>();
  for (const [place, entry] of entries.entries()) {
    const { asked, onDuplicate, person } = entry;
    const claim = onDuplicate === 'allow' ? String(place) : `${person} ${thingOf(asked.request)}`;
    const queue = queues.get(claim) ?? [];
    queues.set(claim, queue);
    queue.push({ place, entry, queue });
  }
  return [...queues.values()];
}

export const headsOf = (queues: Placed[][]): Placed[] =>
  queues.flatMap(([head]) => head ?? []).sort((a, b) => a.place - b.place);

/**
 * Notes what became of the head of a line, which leaves it. The open invitation that it came to is that of all behind it,
 * up to one that replaces another: that is the next head.
 */
export function settle({ place, queue }: Placed, result: EntryResult, results: (ShortResult | undefined)[]): void {
  results[place] = shortened(result);
  queue.shift();
  const [next] = queue;
  if (next && result.type === 'accepted' && next.entry.asked.request.replaces === undefined) {
    settle(next, alreadyOpen(next.entry, result.stored), results);
  }
}

function shortened(result: EntryResult): ShortResult {
  if (result.type !== 'accepted') return result;
  const { status, stored, warnings } = result;
  return { type: 'accepted', status, id: stored.invitation.id, caller: stored.invitation.caller, warnings };
}

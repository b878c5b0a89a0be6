import { thingOf } from '../domain/request';
import { type Entry, type EntryResult, alreadyOpen } from './storeInvitation';

/** An entry and its place among the results. */
export interface Placed {
  place: number;
  entry: Entry;
}

/**
 * Entries that would take the same claim, in the order of the request: the first of each line can be stored beside the
 * first of every other. Those that take no claim stand alone.
 */
export function claimQueues(entries: Placed[]): Placed[][] {
  const queues = new Map<string, Placed[]>();
  for (const placed of entries) {
    const { asked, onDuplicate, person } = placed.entry;
    const claim = onDuplicate === 'allow' ? String(placed.place) : `${person} ${thingOf(asked.request)}`;
    const queue = queues.get(claim);
    if (queue) queue.push(placed);
    else queues.set(claim, [placed]);
  }
  return [...queues.values()];
}

export const headsOf = (queues: Placed[][]): Placed[] =>
  queues.flatMap(([head]) => head ?? []).sort((a, b) => a.place - b.place);

/** The open invitation that the head of a line came to is that of all behind it, but for who replaces it. */
export function settleFollowers(queue: Placed[], results: (EntryResult | undefined)[]): void {
  for (let [head] = queue; head && results[head.place]; [head] = queue) {
    const result = results[head.place];
    queue.shift();
    const [next] = queue;
    if (next && result?.type === 'accepted' && next.entry.asked.request.replaces === undefined) {
      results[next.place] = alreadyOpen(next.entry, result.stored);
    }
  }
}

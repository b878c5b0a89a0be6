import { thingOf } from '../domain/request';
import type { Entry } from './storeInvitation';

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

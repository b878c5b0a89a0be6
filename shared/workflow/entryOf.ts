import type { BulkItem } from '../domain/bulkEntry';
import type { Origin } from '../domain/invitation';
import { derivedId, partitionOf, personHash } from '../domain/ids';
import type { Entry } from './storeInvitation';

export type AskedItem = Extract<BulkItem, { asked: object }>;

export const isAsked = (item: BulkItem): item is AskedItem => 'asked' in item;

/** An item of a bulk request as it is stored: its id follows from the request's own and its place in it. */
export function entryOf(
  { asked, onDuplicate, position }: AskedItem,
  { caller, seesOnlyOwn, origin }: { caller: string; seesOnlyOwn: boolean; origin?: Origin },
  batchId: string,
  { hashKey, partitions }: { hashKey: string; partitions: number },
): Entry {
  const person = personHash(hashKey, asked.person);
  const id = derivedId(batchId, position, partitionOf(person, partitions));
  return { asked, onDuplicate, person, caller, seesOnlyOwn, id, batchId, ...(origin ? { origin } : {}) };
}

import { partitionNames } from '../domain/ids';
import { type Instant, addMs } from '../domain/time';
import type { RecipientCounts } from '../tables/recipientCounts';
import { someAtOnce } from './someAtOnce';

export interface DeleteOldCountsParts {
  recipientCounts: Pick<RecipientCounts, 'removeBefore'>;
  partitions: number;
  now: () => Instant;
}

/** A request that is under way goes by another instance's reading of the clock. */
const LATER_MS = 3600_000;

/**
 * Deletes what was counted for people's quotas on days that are over, and says how many. Its cost is that of what is due,
 * and one query for each partition. Throws `TablesUnavailableError`; the next run goes on.
 */
export function makeDeleteOldCounts({ recipientCounts, partitions, now }: DeleteOldCountsParts) {
  return async (): Promise<number> => {
    const until = addMs(now(), -LATER_MS);
    let deleted = 0;
    await someAtOnce(partitionNames(partitions), async (partition) => {
      const removed = await recipientCounts.removeBefore(partition, until);
      deleted += removed;
    });
    return deleted;
  };
}

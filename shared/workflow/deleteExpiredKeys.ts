import { type Instant, addMs } from '../domain/time';
import { type IdempotencyKeys, keyPartitions } from '../tables/idempotencyKeys';
import { someAtOnce } from './someAtOnce';

export interface DeleteExpiredKeysParts {
  idempotencyKeys: Pick<IdempotencyKeys, 'removeExpired'>;
  now: () => Instant;
}

/** A request that is under way goes by another instance's reading of the clock. */
const LATER_MS = 3600_000;

/**
 * Deletes idempotency keys that ran out an hour ago or more, and says how many. Its cost is that of what is due, and one
 * query for each of 256 partitions. Throws `TablesUnavailableError`; the next run goes on.
 */
export function makeDeleteExpiredKeys({ idempotencyKeys, now }: DeleteExpiredKeysParts) {
  return async (): Promise<number> => {
    const until = addMs(now(), -LATER_MS);
    let deleted = 0;
    await someAtOnce(keyPartitions(), async (partition) => {
      // Not `deleted += await …`: that adds to what it was before the others were counted.
      const removed = await idempotencyKeys.removeExpired(partition, until);
      deleted += removed;
    });
    return deleted;
  };
}

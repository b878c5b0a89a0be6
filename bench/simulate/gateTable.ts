import type { Gates } from '../../shared/tables/gates';
import type { Clock } from './clock';

type Kept = Awaited<ReturnType<Gates['read']>>;

/**
 * The gates' table in memory, with ETags and the time that a call takes. `onCall` hears of every call; one that somebody
 * else was faster than has written nothing, and counts as well.
 */
export function makeGateTable(clock: Clock, callMs: number, onCall: (operation: 'get' | 'update') => void): Gates {
  const entities = new Map<string, NonNullable<Kept>>();
  let writes = 0;
  return {
    read: async (limit) => {
      onCall('get');
      await clock.sleep(callMs);
      return entities.get(limit);
    },
    write: async (limit, state, etag) => {
      onCall('update');
      await clock.sleep(callMs);
      if (etag !== entities.get(limit)?.etag) return false;
      writes += 1;
      entities.set(limit, { state, etag: String(writes) });
      return true;
    },
  };
}

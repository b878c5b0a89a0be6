import { OLDEST_LIST_MS, type Subscription } from '../domain/subscription';

/** From this age on the list is read anew, while it is still used. */
const FRESH_MS = 30_000;

interface Held {
  list: Subscription[];
  /** When the reading began: what was made before is in it. */
  readAtMs: number;
}

/**
 * The subscriptions as this instance knows them. A change of an invitation needs them each time, so they are read once in
 * half a minute and in the background; a list that is older than `OLDEST_LIST_MS` is not used, however long nothing
 * happened. `monotonicMs` has to count the time that the machine was suspended.
 */
export function makeSubscriptionCache(read: () => Promise<Subscription[]>, monotonicMs: () => number) {
  let held: Held | undefined;
  let reading: Promise<Subscription[]> | undefined;

  /** Begins a reading of its own, so that whatever was changed before is in what it gives. */
  const refresh = async (): Promise<Subscription[]> => {
    const readAtMs = monotonicMs();
    const list = await read();
    if (!held || held.readAtMs <= readAtMs) held = { list, readAtMs };
    return list;
  };

  /** One reading for all who wait. */
  const refreshOnce = (): Promise<Subscription[]> =>
    (reading ??= refresh().finally(() => {
      reading = undefined;
    }));

  /** Throws what `read` throws, but only where the list that is held is too old. */
  const current = async (): Promise<Subscription[]> => {
    const ageMs = held ? monotonicMs() - held.readAtMs : Infinity;
    if (!held || ageMs > OLDEST_LIST_MS) return refreshOnce();
    if (ageMs > FRESH_MS) refreshOnce().catch(() => undefined);
    return held.list;
  };

  return { current, refresh };
}

export type SubscriptionCache = ReturnType<typeof makeSubscriptionCache>;

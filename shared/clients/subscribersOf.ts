import type { Instant } from '../domain/time';
import type { Settings } from '../settings';
import { makeDueEvents } from '../tables/dueEvents';
import { makeSubscriptionCache } from '../tables/subscriptionCache';
import { makeSubscriptions } from '../tables/subscriptions';
import { tellChange } from '../telemetry/invitationEvents';
import { makeAnnounceEvents } from '../workflow/announceEvents';
import type { Adapters } from './adapters';

/** Subscriptions, what is due to them, and `out`, which each change of an invitation is told. */
export function subscribersOf(
  { HASH_KEY }: Settings,
  { tables, eventHints }: Pick<Adapters, 'tables' | 'eventHints'>,
  every: { now: () => Instant; monotonicMs: () => number; tickMs: number },
) {
  const subscriptions = makeSubscriptions(tables, HASH_KEY);
  const read = async () => (await subscriptions.list()).map(({ subscription }) => subscription);
  const cache = makeSubscriptionCache(read, every.monotonicMs);
  return {
    subscriptions,
    dueEvents: makeDueEvents(tables),
    known: cache.current,
    refreshSubscriptions: cache.refresh,
    out: { subscribers: cache.current, announce: makeAnnounceEvents({ ...every, eventHints }), changed: tellChange },
  };
}

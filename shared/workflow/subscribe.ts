import type { SubscriptionAsked } from '../domain/subscriptionRequest';
import { ACTIVE_AFTER_MS, MAX_SUBSCRIPTIONS, type Subscription } from '../domain/subscription';
import { type Instant, addMs } from '../domain/time';
import { newSecret } from '../events/signEvent';
import type { Subscriptions, Target } from '../tables/subscriptions';

export interface SubscribeParts {
  subscriptions: Subscriptions;
  refreshSubscriptions: () => Promise<unknown>;
  now: () => Instant;
  newId: () => string;
}

export type Subscribed = { type: 'created'; subscription: Subscription; target: Target } | { type: 'tooMany' };

/**
 * Makes and ends subscriptions. Those that are gone make room for new ones; of two that are made at the same moment one
 * may be over the limit, which does no harm. Throws `TablesUnavailableError`.
 */
export function makeSubscribe({ subscriptions, refreshSubscriptions, now, newId }: SubscribeParts) {
  const subscribe = async ({ url, ...asked }: SubscriptionAsked, caller: string): Promise<Subscribed> => {
    const all = (await subscriptions.list()).map(({ subscription }) => subscription);
    const oldestGone = all.find(({ status }) => status === 'gone');
    if (all.length >= MAX_SUBSCRIPTIONS && !oldestGone) return { type: 'tooMany' };
    const createdAt = now();
    const subscription: Subscription = {
      ...asked,
      id: newId(),
      host: new URL(url).host,
      createdBy: caller,
      createdAt,
      activeFrom: addMs(createdAt, ACTIVE_AFTER_MS),
      status: 'active',
      failures: 0,
    };
    const target = { url, secret: newSecret() };
    await subscriptions.create(subscription, target);
    if (all.length >= MAX_SUBSCRIPTIONS && oldestGone) await subscriptions.remove(oldestGone.id);
    await refreshSubscriptions();
    return { type: 'created', subscription, target };
  };

  /** Its events that wait are dropped when they are due. False where there is none. */
  const unsubscribe = async (id: string): Promise<boolean> => {
    const isRemoved = await subscriptions.remove(id);
    await refreshSubscriptions();
    return isRemoved;
  };

  return { subscribe, unsubscribe };
}

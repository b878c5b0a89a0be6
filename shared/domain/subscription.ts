import type { EventType } from './events';
import type { Invitation, Kind } from './invitation';
import type { Instant } from './time';

/**
 * `disabled`: its receiver took nothing for so long that the app gave up. `gone`: its receiver answered 410. Nothing is
 * delivered to either.
 */
export type SubscriptionStatus = 'active' | 'disabled' | 'gone';

export interface SubscriptionFilters {
  source?: string;
  kind?: Kind;
}

/** Somewhere that events are posted to. URL and secret are sealed beside it and opened only to post. */
export interface Subscription {
  id: string;
  /** Of the URL. */
  host: string;
  events: EventType[];
  filters: SubscriptionFilters;
  createdBy: string;
  createdAt: Instant;
  /** Events from then on are delivered: by then every instance knows of the subscription. */
  activeFrom: Instant;
  status: SubscriptionStatus;
  /** Events in a row that were given up. */
  failures: number;
  /** The last attempt that failed, noted once a minute at most. `reason`: a status or a fault, never what was answered. */
  lastFailure?: { at: Instant; reason: string };
  /** When it stopped being active. */
  endedAt?: Instant;
}

/** What decides whether a subscription is told of an event. */
export type Subscriber = Pick<Subscription, 'id' | 'events' | 'filters' | 'activeFrom' | 'status'>;

export const MAX_SUBSCRIPTIONS = 20;

/** An instance works with a list that is at most this old (shared/tables/subscriptionCache.ts). */
export const OLDEST_LIST_MS = 45_000;

/** From the creation of a subscription to its first event: longer than any instance may not know of it. */
export const ACTIVE_AFTER_MS = 60_000;

export function isWanted(subscriber: Subscriber, type: EventType, invitation: Invitation, at: Instant): boolean {
  const { events, filters, activeFrom, status } = subscriber;
  return (
    status === 'active' &&
    at >= activeFrom &&
    events.includes(type) &&
    (filters.source === undefined || filters.source === invitation.request.source) &&
    (filters.kind === undefined || filters.kind === invitation.kind)
  );
}

const MAX_FAILURES = 10;

/** After an event was given up: the tenth in a row ends the subscription. */
export function gaveUp(subscription: Subscription, now: Instant): Subscription {
  const failures = subscription.failures + 1;
  return { ...subscription, failures, ...(failures < MAX_FAILURES ? {} : { status: 'disabled', endedAt: now }) };
}

export const gone = (subscription: Subscription, now: Instant): Subscription => ({
  ...subscription,
  status: 'gone',
  endedAt: now,
});

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const isSubscriptionId = (text: string): boolean => UUID.test(text);

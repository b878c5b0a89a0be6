import { attemptEndsAt, nextAttemptAt, putOffBy } from '../domain/eventDelivery';
import { eventId } from '../domain/events';
import { type Subscription, gaveUp, gone } from '../domain/subscription';
import { type Instant, addMs } from '../domain/time';
import { eventBody } from '../events/eventBody';
import type { Patience } from '../events/patience';
import type { PostEvent, Posted } from '../events/postEvent';
import { signedHeaders } from '../events/signEvent';
import type { DueEvent, DueEvents } from '../tables/dueEvents';
import { eventKey, parseEventKey } from '../tables/keys';
import type { Invitations } from '../tables/invitations';
import type { Subscriptions, Target } from '../tables/subscriptions';

export interface DeliverParts {
  dueEvents: DueEvents;
  subscriptions: Subscriptions;
  invitations: Pick<Invitations, 'read'>;
  post: PostEvent;
  patience: Patience;
  announce: (keys: string[]) => Promise<void>;
  /** After a change of a subscription: this instance shall know of it at once. */
  refreshSubscriptions: () => Promise<unknown>;
  now: () => Instant;
  /** From 0 up to 1. */
  random: () => number;
}

/** What a look at an event came to, for the log. */
export type Delivered =
  | { type: 'unreadable' }
  /** It was delivered, dropped or put off before. */
  | { type: 'notThere' }
  /** Another worker makes this attempt. */
  | { type: 'claimedByAnother' }
  /** The broker's clock is ahead: the tick sends another hint. */
  | { type: 'early' }
  /** Nobody wants it any more. */
  | { type: 'dropped'; event: DueEvent }
  | { type: 'delivered'; event: DueEvent }
  | { type: 'subscriptionGone'; event: DueEvent }
  /** Its receiver failed again and again a moment ago, so there was no attempt. */
  | { type: 'leftAlone'; event: DueEvent }
  | { type: 'putOff'; event: DueEvent; reason: string; until: Instant }
  | { type: 'gaveUp'; event: DueEvent; reason: string; isDisabled: boolean };

/** Two instances' readings of one clock differ by less, and so much too soon does no harm. */
const EARLY_MS = 2_000;

/**
 * One attempt to deliver one event: claim → read the invitation → post → remove, or put off. The claim moves the event to
 * when the next attempt is due if nothing is heard of this one: so a death at any point delivers it again, and two
 * workers don't make the same attempt. Throws `TablesUnavailableError`; the event stands, so nothing is lost.
 */
export function makeDeliverEvent(parts: DeliverParts) {
  const { dueEvents, subscriptions, invitations, patience, now } = parts;

  return async (key: string): Promise<Delivered> => {
    const parsed = parseEventKey(key);
    if (!parsed) return { type: 'unreadable' };
    const event = await dueEvents.read(parsed);
    if (!event) return { type: 'notThere' };
    if (event.dueAt > addMs(now(), EARLY_MS)) return { type: 'early' };
    const [subscriber, stored] = await Promise.all([
      subscriptions.read(event.subscriptionId),
      invitations.read(event.invitationId),
    ]);
    if (subscriber?.subscription.status !== 'active' || !stored) {
      await dueEvents.remove(event);
      return { type: 'dropped', event };
    }
    const pauseMs = patience.pauseMs(event.subscriptionId);
    if (pauseMs > 0) return leaveAlone(event, subscriber.subscription, pauseMs);
    const beganAtMs = patience.monotonicMs();
    const claimed = { ...event, dueAt: attemptEndsAt(now()), attempts: event.attempts + 1 };
    if (!(await dueEvents.move(event, claimed))) return { type: 'claimedByAnother' };
    const target = subscriptions.open(subscriber);
    const posted = target ? await post(claimed, target, eventBody(claimed, stored)) : NOT_OURS;
    if (posted.type === 'failed') patience.failed(event.subscriptionId, beganAtMs);
    else patience.succeeded(event.subscriptionId);
    return settle(claimed, subscriber.subscription, posted);
  };

  function post(event: DueEvent, { url, secret }: Target, body: string): Promise<Posted> {
    const id = eventId(event.invitationId, event.sequence);
    return parts.post({ url, headers: signedHeaders(id, body, secret, now()), body });
  }

  async function settle(event: DueEvent, subscription: Subscription, posted: Posted): Promise<Delivered> {
    switch (posted.type) {
      case 'taken':
        await dueEvents.remove(event);
        if (subscription.failures > 0) await subscriptions.change(subscription.id, isWellAgain);
        return { type: 'delivered', event };
      case 'gone':
        await subscriptions.change(subscription.id, (current) => gone(current, now()));
        await dueEvents.remove(event);
        await parts.refreshSubscriptions();
        return { type: 'subscriptionGone', event };
      case 'failed':
        return failed(event, subscription, posted);
    }
  }

  async function failed(
    event: DueEvent,
    subscription: Subscription,
    { reason, retryAfterMs }: Extract<Posted, { type: 'failed' }>,
  ): Promise<Delivered> {
    const at = now();
    const until = nextAttemptAt({ ...event, retryAfterMs }, at, parts.random());
    if (until === undefined) return giveUp(event, subscription, reason);
    await putOff(event, until);
    if (isWorthNoting(subscription, at)) await subscriptions.change(subscription.id, withFailure(at, reason));
    return { type: 'putOff', event, reason, until };
  }

  async function leaveAlone(event: DueEvent, subscription: Subscription, pauseMs: number): Promise<Delivered> {
    const until = putOffBy(event, now(), pauseMs, parts.random());
    if (until === undefined) return giveUp(event, subscription, 'its receiver fails');
    await putOff(event, until);
    return { type: 'leftAlone', event };
  }

  async function putOff(event: DueEvent, dueAt: Instant): Promise<void> {
    const next = { ...event, dueAt };
    if (await dueEvents.move(event, next)) await parts.announce([eventKey(next)]);
  }

  async function giveUp(event: DueEvent, subscription: Subscription, reason: string): Promise<Delivered> {
    const at = now();
    const changed = await subscriptions.change(subscription.id, (current) =>
      current.status === 'active' ? gaveUp(withFailure(at, reason)(current), at) : undefined,
    );
    await dueEvents.remove(event);
    const isDisabled = changed?.status === 'disabled';
    if (isDisabled) await parts.refreshSubscriptions();
    return { type: 'gaveUp', event, reason, isDisabled };
  }
}

const NOT_OURS: Posted = { type: 'failed', reason: 'its URL and secret were not sealed with this HASH_KEY' };

const isWellAgain = (subscription: Subscription): Subscription => ({ ...subscription, failures: 0 });

const withFailure =
  (at: Instant, reason: string) =>
  (subscription: Subscription): Subscription => ({ ...subscription, lastFailure: { at, reason } });

const NOTED_EVERY_MS = 60_000;

/** A receiver that is away fails a thousand events; one entity can't be written that often. */
const isWorthNoting = ({ lastFailure }: Subscription, now: Instant): boolean =>
  lastFailure === undefined || addMs(lastFailure.at, NOTED_EVERY_MS) <= now;

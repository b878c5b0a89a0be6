import type { HttpResponseInit } from '@azure/functions';
import type { Subscription } from '../domain/subscription';
import type { Target } from '../tables/subscriptions';
import { type ErrorAnswer, errorAnswer } from './errors';

/** A subscription as callers see it. What follows the URL's `?` is left out: a callback URL has its key there. */
export function subscriptionBody(subscription: Subscription, target: Target | undefined): object {
  const { id, host, events, filters, status, createdBy, createdAt, activeFrom, failures } = subscription;
  const { lastFailure, endedAt } = subscription;
  return {
    id,
    url: target ? target.url.replace(/\?.*$/, '?…') : `https://${host}/…`,
    events,
    filters,
    status,
    createdBy,
    createdAt,
    activeFrom,
    failures,
    ...(lastFailure ? { lastFailure } : {}),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

/** 201 with the secret, which is shown here and never again. DELETE on Location ends the subscription. */
export const createdSubscription = (
  subscription: Subscription,
  target: Target,
  requestUrl: string,
): HttpResponseInit => ({
  status: 201,
  headers: { Location: locationOf(subscription.id, requestUrl), 'Cache-Control': 'no-store' },
  jsonBody: { ...subscriptionBody(subscription, target), secret: target.secret },
});

/** Absolute, for whoever follows it; the key that a caller used is never repeated in it. */
function locationOf(id: string, requestUrl: string): string {
  const { origin, pathname } = new URL(requestUrl);
  return `${origin}${pathname.replace(/\/+$/, '')}/${id}`;
}

export const noSubscription = (): ErrorAnswer =>
  errorAnswer(404, 'notFound', 'There is no subscription with the id that the URL holds.');

import type { HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { toManage } from '../shared/http/auth/access';
import { subscriptionBody } from '../shared/http/subscriptionAnswer';
import { httpFunction } from '../shared/httpFunction';

/** GET /api/subscriptions: all of them, the oldest first, on one page. */
async function listSubscriptions(): Promise<HttpResponseInit> {
  const { subscriptions } = await services();
  const value = (await subscriptions.list()).map((stored) =>
    subscriptionBody(stored.subscription, subscriptions.open(stored)),
  );
  return { status: 200, jsonBody: { value } };
}

httpFunction('listSubscriptions', {
  methods: ['GET'],
  route: 'subscriptions',
  access: toManage,
  handler: listSubscriptions,
});

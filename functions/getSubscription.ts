import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { isSubscriptionId } from '../shared/domain/subscription';
import { toManage } from '../shared/http/auth/access';
import { noSubscription, subscriptionBody } from '../shared/http/subscriptionAnswer';
import { httpFunction } from '../shared/httpFunction';

/** GET /api/subscriptions/{id}: where its events go, and whether they arrive. */
async function getSubscription(request: HttpRequest): Promise<HttpResponseInit> {
  const id = request.params['id']?.toLowerCase() ?? '';
  if (!isSubscriptionId(id)) return noSubscription();
  const { subscriptions } = await services();
  const stored = await subscriptions.read(id);
  return stored
    ? { status: 200, jsonBody: subscriptionBody(stored.subscription, subscriptions.open(stored)) }
    : noSubscription();
}

httpFunction('getSubscription', {
  methods: ['GET'],
  route: 'subscriptions/{id}',
  access: toManage,
  handler: getSubscription,
});

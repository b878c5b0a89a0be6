import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { isSubscriptionId } from '../shared/domain/subscription';
import { toManage } from '../shared/http/auth/access';
import { noSubscription } from '../shared/http/subscriptionAnswer';
import { httpFunction } from '../shared/httpFunction';

/** DELETE /api/subscriptions/{id}: nothing is posted any more, what waits included. */
async function deleteSubscription(request: HttpRequest): Promise<HttpResponseInit> {
  const id = request.params['id']?.toLowerCase() ?? '';
  if (!isSubscriptionId(id)) return noSubscription();
  const { unsubscribe } = await services();
  return (await unsubscribe(id)) ? { status: 204 } : noSubscription();
}

httpFunction('deleteSubscription', {
  methods: ['DELETE'],
  route: 'subscriptions/{id}',
  access: toManage,
  handler: deleteSubscription,
});

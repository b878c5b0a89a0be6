import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { MAX_SUBSCRIPTIONS } from '../shared/domain/subscription';
import { parseSubscription } from '../shared/domain/subscriptionRequest';
import { toManage } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { errorAnswer, invalidRequest } from '../shared/http/errors';
import { readJson } from '../shared/http/readJson';
import { createdSubscription } from '../shared/http/subscriptionAnswer';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/subscriptions: from a minute later on, events of invitations are posted to a URL, signed. */
async function createSubscription(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const json = await readJson(request);
  if (!json.ok) return json.answer;
  const { subscribe, eventUrlFault } = await services();
  const parsed = parseSubscription(json.body, eventUrlFault);
  if (!parsed.ok) return invalidRequest(parsed.faults);
  const result = await subscribe(parsed.asked, caller.id);
  switch (result.type) {
    case 'created':
      return createdSubscription(result.subscription, result.target, request.url);
    case 'tooMany':
      return errorAnswer(409, 'tooManySubscriptions', `There are ${MAX_SUBSCRIPTIONS} already. Delete one first.`);
  }
}

httpFunction('createSubscription', {
  methods: ['POST'],
  route: 'subscriptions',
  access: toManage,
  handler: createSubscription,
});

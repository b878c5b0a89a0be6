import { services } from '../shared/clients';
import { answerWebhook } from '../shared/http/answerWebhook';
import { toCreate } from '../shared/http/auth/access';
import { httpFunction } from '../shared/httpFunction';

/**
 * POST /api/webhooks/{source}/asCaller: the same for sources of type `caller`. A route of its own, because with AUTH=keys
 * it is the Functions host that checks the key, for all of a function or for none of it.
 */
httpFunction('receiveCallersWebhook', {
  methods: ['POST'],
  route: 'webhooks/{source}/asCaller',
  access: toCreate,
  handler: async (request) => {
    const { webhooks } = await services();
    return answerWebhook(request, (name, received) =>
      webhooks.receiveWebhook(name, { ...received, isCallerKnown: true }),
    );
  },
});

import { openHttpFunction } from '../shared/httpFunction';
import { answerWebhook } from '../shared/http/answerWebhook';
import { services } from '../shared/clients';

/**
 * POST /api/webhooks/{source}: an event of a source that shows by itself where it comes from (signature, name and password,
 * token); 202 once it is stored. OPTIONS: the handshake of CloudEvents.
 */
openHttpFunction('receiveWebhook', {
  methods: ['POST', 'OPTIONS'],
  route: 'webhooks/{source}',
  handler: async (request) => {
    const { webhooks } = await services();
    return answerWebhook(request, (name, received) =>
      webhooks.receiveWebhook(name, { ...received, isCallerKnown: false }),
    );
  },
});

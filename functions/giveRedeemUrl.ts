import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { isInvitationId } from '../shared/domain/ids';
import { secondsUntil } from '../shared/domain/time';
import { toChange } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { errorAnswer } from '../shared/http/errors';
import { notFoundAnswer } from '../shared/http/invitationAnswer';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/invitations/{id}/redeemUrl: a fresh redeem URL for a mail of one's own. Never stored, never cached. */
async function giveRedeemUrl(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const id = request.params['id']?.toLowerCase() ?? '';
  if (!isInvitationId(id)) return notFoundAnswer(id);
  const { giveRedeemUrl: give, invitations } = await services();
  const result = await give(id, caller.id);
  switch (result.type) {
    case 'given':
      return { status: 200, headers: { 'Cache-Control': 'no-store' }, jsonBody: { inviteRedeemUrl: result.url } };
    case 'notFound':
      return notFoundAnswer(id);
    case 'conflict':
      return errorAnswer(409, result.fault.code, result.fault.message);
    case 'busy': {
      const retryAfterSeconds = secondsUntil(invitations.now(), result.until, 1);
      return errorAnswer(429, 'paceUsedUp', 'Graph takes no more calls at the moment. Try again later.', {
        retryAfterSeconds,
      });
    }
    case 'graphFault':
      return errorAnswer(503, 'graphUnavailable', `Microsoft Graph gave no redeem URL (${result.fault.code}).`, {
        retryAfterSeconds: 60,
      });
  }
}

httpFunction('giveRedeemUrl', {
  methods: ['POST'],
  route: 'invitations/{id}/redeemUrl',
  access: toChange,
  handler: giveRedeemUrl,
});

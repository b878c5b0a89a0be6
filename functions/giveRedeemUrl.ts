import { type HttpRequest, type HttpResponseInit, app } from '@azure/functions';
import { services } from '../shared/clients';
import { isInvitationId } from '../shared/domain/ids';
import { secondsUntil } from '../shared/domain/time';
import { answering } from '../shared/http/answering';
import { KEY_CALLER } from '../shared/http/caller';
import { errorAnswer } from '../shared/http/errors';
import { notFoundAnswer } from '../shared/http/invitationAnswer';

/** POST /api/invitations/{id}/redeemUrl: a fresh redeem URL for a mail of one's own. Never stored, never cached. */
async function giveRedeemUrl(request: HttpRequest): Promise<HttpResponseInit> {
  const id = request.params['id']?.toLowerCase() ?? '';
  if (!isInvitationId(id)) return notFoundAnswer(id);
  const { giveRedeemUrl: give, invitations } = await services();
  const result = await give(id, KEY_CALLER);
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

app.http('giveRedeemUrl', {
  methods: ['POST'],
  route: 'invitations/{id}/redeemUrl',
  authLevel: 'function',
  handler: answering(giveRedeemUrl),
});

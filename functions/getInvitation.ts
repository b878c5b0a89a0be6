import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { isInvitationId } from '../shared/domain/ids';
import { toRead } from '../shared/http/auth/access';
import { foundAnswer, notFoundAnswer } from '../shared/http/invitationAnswer';
import { httpFunction } from '../shared/httpFunction';

/** GET /api/invitations/{id}: always 200 for one that exists, because Logic Apps polls until it isn't 202. */
async function getInvitation(request: HttpRequest): Promise<HttpResponseInit> {
  const id = request.params['id']?.toLowerCase() ?? '';
  if (!isInvitationId(id)) return notFoundAnswer(id);
  const { invitations } = await services();
  const stored = await invitations.read(id);
  if (!stored) return notFoundAnswer(id);
  const history = await invitations.history(id);
  return foundAnswer(stored, history, request.headers.get('if-none-match'));
}

httpFunction('getInvitation', {
  methods: ['GET'],
  route: 'invitations/{id}',
  access: toRead,
  handler: getInvitation,
});

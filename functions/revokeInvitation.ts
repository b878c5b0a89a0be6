import { type HttpRequest, type HttpResponseInit, app } from '@azure/functions';
import { services } from '../shared/clients';
import { decideRevoke } from '../shared/domain/decisions';
import { answerDecision } from '../shared/http/answerDecision';
import { answering } from '../shared/http/answering';

/** POST /api/invitations/{id}/revoke: no more mails; the guest is removed only where the settings and the rules allow. */
async function revokeInvitation(request: HttpRequest): Promise<HttpResponseInit> {
  const { decide, policy } = await services();
  return answerDecision(request, (asked) =>
    decide({ ...asked, action: 'revoke' }, (invitation, now) => decideRevoke(invitation, asked.caller, now, policy)),
  );
}

app.http('revokeInvitation', {
  methods: ['POST'],
  route: 'invitations/{id}/revoke',
  authLevel: 'function',
  handler: answering(revokeInvitation),
});

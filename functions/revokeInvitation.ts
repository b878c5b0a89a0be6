import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { decideRevoke } from '../shared/domain/decisions';
import { answerDecision } from '../shared/http/answerDecision';
import { toChange } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/invitations/{id}/revoke: no more mails; the guest is removed only where the settings and the rules allow. */
async function revokeInvitation(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const { decide, policy } = await services();
  return answerDecision(request, caller, (asked) =>
    decide({ ...asked, action: 'revoke' }, (invitation, now) => decideRevoke(invitation, asked.caller, now, policy)),
  );
}

httpFunction('revokeInvitation', {
  methods: ['POST'],
  route: 'invitations/{id}/revoke',
  access: toChange,
  handler: revokeInvitation,
});

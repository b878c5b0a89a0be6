import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { decideResend } from '../shared/domain/decisions';
import { answerDecision } from '../shared/http/answerDecision';
import { toChange } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/invitations/{id}/resend: one more mail, unless one is due, in flight or under ten minutes old. */
async function resendInvitation(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const { decide } = await services();
  return answerDecision(request, caller, (asked) =>
    decide({ ...asked, action: 'resend' }, (invitation, now) => decideResend(invitation, asked.caller, now)),
  );
}

httpFunction('resendInvitation', {
  methods: ['POST'],
  route: 'invitations/{id}/resend',
  access: toChange,
  handler: resendInvitation,
});

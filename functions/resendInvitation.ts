import { type HttpRequest, type HttpResponseInit, app } from '@azure/functions';
import { services } from '../shared/clients';
import { decideResend } from '../shared/domain/decisions';
import { answerDecision } from '../shared/http/answerDecision';
import { answering } from '../shared/http/answering';

/** POST /api/invitations/{id}/resend: one more mail, unless one is due, in flight or under ten minutes old. */
async function resendInvitation(request: HttpRequest): Promise<HttpResponseInit> {
  const { decide } = await services();
  return answerDecision(request, (asked) =>
    decide({ ...asked, action: 'resend' }, (invitation, now) => decideResend(invitation, asked.caller, now)),
  );
}

app.http('resendInvitation', {
  methods: ['POST'],
  route: 'invitations/{id}/resend',
  authLevel: 'function',
  handler: answering(resendInvitation),
});

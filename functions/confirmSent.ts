import { type HttpRequest, type HttpResponseInit, app } from '@azure/functions';
import { services } from '../shared/clients';
import { decideConfirmSent } from '../shared/domain/operatorDecisions';
import { answerDecision } from '../shared/http/answerDecision';
import { answering } from '../shared/http/answering';

/** POST /api/invitations/{id}/confirmSent: an operator knows that the mail of a needsReview invitation did arrive. */
async function confirmSent(request: HttpRequest): Promise<HttpResponseInit> {
  const { decide, policy } = await services();
  return answerDecision(request, (asked) =>
    decide({ ...asked, action: 'confirmSent' }, (invitation, now) =>
      decideConfirmSent(invitation, asked.caller, now, policy),
    ),
  );
}

app.http('confirmSent', {
  methods: ['POST'],
  route: 'invitations/{id}/confirmSent',
  authLevel: 'function',
  handler: answering(confirmSent),
});

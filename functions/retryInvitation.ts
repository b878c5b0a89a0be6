import { type HttpRequest, type HttpResponseInit, app } from '@azure/functions';
import { services } from '../shared/clients';
import { decideRetry } from '../shared/domain/operatorDecisions';
import { answerDecision } from '../shared/http/answerDecision';
import { answering } from '../shared/http/answering';

/** POST /api/invitations/{id}/retry: puts a failed or needsReview invitation back to queued. */
async function retryInvitation(request: HttpRequest): Promise<HttpResponseInit> {
  const { decide } = await services();
  return answerDecision(request, (asked) =>
    decide({ ...asked, action: 'retry' }, (invitation, now) => decideRetry(invitation, asked.caller, now)),
  );
}

app.http('retryInvitation', {
  methods: ['POST'],
  route: 'invitations/{id}/retry',
  authLevel: 'function',
  handler: answering(retryInvitation),
});

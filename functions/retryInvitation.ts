import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { decideRetry } from '../shared/domain/operatorDecisions';
import { answerDecision } from '../shared/http/answerDecision';
import { toManage } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/invitations/{id}/retry: puts a failed or needsReview invitation back to queued. */
async function retryInvitation(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const { decide } = await services();
  return answerDecision(request, caller, (asked) =>
    decide({ ...asked, action: 'retry' }, (invitation, now) => decideRetry(invitation, asked.caller, now)),
  );
}

httpFunction('retryInvitation', {
  methods: ['POST'],
  route: 'invitations/{id}/retry',
  access: toManage,
  handler: retryInvitation,
});

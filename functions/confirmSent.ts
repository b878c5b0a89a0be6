import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { decideConfirmSent } from '../shared/domain/operatorDecisions';
import { answerDecision } from '../shared/http/answerDecision';
import { toManage } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/invitations/{id}/confirmSent: an operator knows that the mail of a needsReview invitation did arrive. */
async function confirmSent(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const { decide, policy } = await services();
  return answerDecision(request, caller, (asked) =>
    decide({ ...asked, action: 'confirmSent' }, (invitation, now) =>
      decideConfirmSent(invitation, asked.caller, now, policy),
    ),
  );
}

httpFunction('confirmSent', {
  methods: ['POST'],
  route: 'invitations/{id}/confirmSent',
  access: toManage,
  handler: confirmSent,
});

import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { decideResetRedemption } from '../shared/domain/operatorDecisions';
import { answerDecision } from '../shared/http/answerDecision';
import { toManage } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/invitations/{id}/resetRedemption: an accepted guest redeems anew. Needs Graph's User.ReadWrite.All. */
async function resetRedemption(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const { decide } = await services();
  return answerDecision(request, caller, (asked) =>
    decide({ ...asked, action: 'resetRedemption' }, (invitation, now) =>
      decideResetRedemption(invitation, asked.caller, now),
    ),
  );
}

httpFunction('resetRedemption', {
  methods: ['POST'],
  route: 'invitations/{id}/resetRedemption',
  access: toManage,
  handler: resetRedemption,
});

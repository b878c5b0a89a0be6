import { type HttpRequest, type HttpResponseInit, app } from '@azure/functions';
import { services } from '../shared/clients';
import { decideResetRedemption } from '../shared/domain/operatorDecisions';
import { answerDecision } from '../shared/http/answerDecision';
import { answering } from '../shared/http/answering';

/** POST /api/invitations/{id}/resetRedemption: an accepted guest redeems anew. Needs Graph's User.ReadWrite.All. */
async function resetRedemption(request: HttpRequest): Promise<HttpResponseInit> {
  const { decide } = await services();
  return answerDecision(request, (asked) =>
    decide({ ...asked, action: 'resetRedemption' }, (invitation, now) =>
      decideResetRedemption(invitation, asked.caller, now),
    ),
  );
}

app.http('resetRedemption', {
  methods: ['POST'],
  route: 'invitations/{id}/resetRedemption',
  authLevel: 'function',
  handler: answering(resetRedemption),
});

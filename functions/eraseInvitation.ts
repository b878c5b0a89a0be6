import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { eraseDecision } from '../shared/domain/erase';
import { answerDecision } from '../shared/http/answerDecision';
import { toManage } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { httpFunction } from '../shared/httpFunction';

/** DELETE /api/invitations/{id}: erases addresses, names and texts of a closed one now, not only after RETAIN_DAYS. */
async function eraseInvitation(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const { decide } = await services();
  const answer = await answerDecision(request, caller, (asked) =>
    decide({ ...asked, action: 'erase' }, (invitation, now) => eraseDecision(invitation, asked.caller, now)),
  );
  return answer.status === 202 ? { status: 204 } : answer;
}

httpFunction('eraseInvitation', {
  methods: ['DELETE'],
  route: 'invitations/{id}',
  access: toManage,
  handler: eraseInvitation,
});

import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { answerApproval } from '../shared/http/answerApproval';
import { toApprove } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { services } from '../shared/clients';
import { decideApproval } from '../shared/domain/approval';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/invitations/{id}/reject: closes an invitation that waits for approval. */
async function rejectInvitation(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const { decide } = await services();
  return answerApproval(request, caller, (asked, comment) =>
    decide({ ...asked, action: 'reject' }, (invitation, now) =>
      decideApproval(invitation, 'rejected', asked.caller, now, comment),
    ),
  );
}

httpFunction('rejectInvitation', {
  methods: ['POST'],
  route: 'invitations/{id}/reject',
  access: toApprove,
  handler: rejectInvitation,
});

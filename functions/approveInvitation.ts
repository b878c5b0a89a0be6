import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { answerApproval } from '../shared/http/answerApproval';
import { toApprove } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { services } from '../shared/clients';
import { decideApproval } from '../shared/domain/approval';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/invitations/{id}/approve: lets an invitation go its way that waits for approval. */
async function approveInvitation(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const { decide } = await services();
  return answerApproval(request, caller, (asked, comment) =>
    decide({ ...asked, action: 'approve' }, (invitation, now) =>
      decideApproval(invitation, 'approved', asked.caller, now, comment),
    ),
  );
}

httpFunction('approveInvitation', {
  methods: ['POST'],
  route: 'invitations/{id}/approve',
  access: toApprove,
  handler: approveInvitation,
});

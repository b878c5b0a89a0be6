import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { answerDecision } from '../shared/http/answerDecision';
import { toChange } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { readJson } from '../shared/http/readJson';
import { httpFunction } from '../shared/httpFunction';

/**
 * PATCH /api/invitations/{id}: changes its message, reminders, expiry or date; of a LinkedIn invitation the properties of
 * Graph's page "Update invitations", of which Graph is then told.
 */
async function patchInvitation(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const json = await readJson(request);
  if (!json.ok) return json.answer;
  const { patchInvitation: patch } = await services();
  return answerDecision(request, caller, (asked) => patch({ ...asked, action: 'patch' }, json.body), json.body);
}

httpFunction('patchInvitation', {
  methods: ['PATCH'],
  route: 'invitations/{id}',
  access: toChange,
  handler: patchInvitation,
});

import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { secondsUntil } from '../shared/domain/time';
import { seesOnlyOwn, toCreate } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { acceptedEntry, batchAnswer, refusedEntry } from '../shared/http/batchAnswer';
import { originOf } from '../shared/http/originOf';
import { readIdempotencyKey } from '../shared/http/idempotencyKey';
import { acceptedAnswer } from '../shared/http/invitationAnswer';
import { readJson } from '../shared/http/readJson';
import { requestRefusal } from '../shared/http/requestRefusal';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/invitations: takes a request and answers 202 once it is stored; Graph is asked by the queue function. */
async function requestInvitation(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const json = await readJson(request);
  if (!json.ok) return json.answer;
  const read = readIdempotencyKey(request);
  if (!read.ok) return read.answer;
  const { requestInvitation: take, invitations } = await services();
  const result = await take({
    body: json.body,
    caller: caller.id,
    seesOnlyOwn: seesOnlyOwn(caller),
    idempotencyKey: read.key,
    origin: originOf(request, 'api'),
  });
  const now = invitations.now();
  if (result.type === 'batch') {
    const entries = result.results.map((each) =>
      each.type === 'accepted'
        ? acceptedEntry(each.status, each.stored, each.warnings, request.url)
        : refusedEntry(requestRefusal(each, now)),
    );
    return batchAnswer(result.batchId, entries);
  }
  if (result.type !== 'accepted') return requestRefusal(result, now);
  const { stored, status, warnings } = result;
  const retryAfter = secondsUntil(now, stored.invitation.nextAttemptAt ?? now, 1);
  return acceptedAnswer(status, stored, warnings, request.url, retryAfter);
}

httpFunction('requestInvitation', {
  methods: ['POST'],
  route: 'invitations',
  access: toCreate,
  handler: requestInvitation,
});

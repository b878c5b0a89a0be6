import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { secondsUntil } from '../shared/domain/time';
import { seesOnlyOwn, toCreate } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { acceptedEntry, batchAnswer, refusedEntry } from '../shared/http/batchAnswer';
import { type ErrorAnswer, errorAnswer, invalidRequest } from '../shared/http/errors';
import { KEY_REUSED, readIdempotencyKey } from '../shared/http/idempotencyKey';
import { acceptedAnswer } from '../shared/http/invitationAnswer';
import { readJson } from '../shared/http/readJson';
import { httpFunction } from '../shared/httpFunction';
import type { RequestResult } from '../shared/workflow/requestInvitation';

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
  });
  if (result.type === 'batch') {
    const entries = result.results.map((each) =>
      each.type === 'accepted'
        ? acceptedEntry(each.status, each.stored, each.warnings, request.url)
        : refusedEntry(refusal(each)),
    );
    return batchAnswer(result.batchId, entries);
  }
  if (result.type !== 'accepted') return refusal(result);
  const { stored, status, warnings } = result;
  const now = invitations.now();
  const retryAfter = secondsUntil(now, stored.invitation.nextAttemptAt ?? now, 1);
  return acceptedAnswer(status, stored, warnings, request.url, retryAfter);
}

function refusal(result: Exclude<RequestResult, { type: 'accepted' | 'batch' }>): ErrorAnswer {
  switch (result.type) {
    case 'invalid':
      return invalidRequest(result.faults);
    case 'duplicate':
      return errorAnswer(409, 'duplicate', `This person has an open invitation already: ${result.id}.`, {
        target: 'invitedUserEmailAddress',
      });
    case 'duplicateOfAnothers':
      return errorAnswer(409, 'duplicate', 'This person has an open invitation already. Another caller made it.', {
        target: 'invitedUserEmailAddress',
      });
    case 'keyReused':
      return KEY_REUSED;
    case 'inProgress':
      return errorAnswer(409, 'inProgress', 'A request with this Idempotency-Key is still running. Try again soon.', {
        target: 'Idempotency-Key',
        retryAfterSeconds: 5,
      });
  }
}

httpFunction('requestInvitation', {
  methods: ['POST'],
  route: 'invitations',
  access: toCreate,
  handler: requestInvitation,
});

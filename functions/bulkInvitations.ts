import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { seesOnlyOwn, toCreate } from '../shared/http/auth/access';
import { bulkAnswer } from '../shared/http/bulkAnswer';
import type { Caller } from '../shared/http/caller';
import { foreseenAnswer } from '../shared/http/foreseenAnswer';
import { readIdempotencyKey } from '../shared/http/idempotencyKey';
import { originOf } from '../shared/http/originOf';
import { isCsv, readBulk, readDryRun } from '../shared/http/readBulk';
import { requestRefusal } from '../shared/http/requestRefusal';
import { httpFunction } from '../shared/httpFunction';

/** POST /api/invitations/bulk: up to 1,000 requests as JSON or CSV, a result for each; `?dryRun=true` only says what would be. */
async function bulkInvitations(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const dryRun = readDryRun(request);
  if (!dryRun.ok) return dryRun.answer;
  const read = readIdempotencyKey(request);
  if (!read.ok) return read.answer;
  const bulk = await readBulk(request);
  if (!bulk.ok) return bulk.answer;
  const asked = {
    entries: bulk.entries,
    caller: caller.id,
    seesOnlyOwn: seesOnlyOwn(caller),
    idempotencyKey: read.key,
    origin: originOf(request, isCsv(request) ? 'csv' : 'bulk'),
  };
  const { bulkInvitations: take, foreseeInvitations: foresee, invitations } = await services();
  if (dryRun.isDry) return foreseenAnswer(await foresee(asked), request.url, invitations.now());
  const result = await take(asked);
  const now = invitations.now();
  return result.type === 'bulk'
    ? bulkAnswer(result.batchId, result.outcomes, request.url, now)
    : requestRefusal(result, now);
}

httpFunction('bulkInvitations', {
  methods: ['POST'],
  route: 'invitations/bulk',
  access: toCreate,
  handler: bulkInvitations,
});

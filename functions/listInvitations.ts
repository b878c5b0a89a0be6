import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { seesOnlyOwn, toRead } from '../shared/http/auth/access';
import type { Caller } from '../shared/http/caller';
import { listAnswer } from '../shared/http/listAnswer';
import { readListQuery } from '../shared/http/listQuery';
import { listTokens } from '../shared/http/listToken';
import { httpFunction } from '../shared/httpFunction';

/** GET /api/invitations: the newest first, page by page, by status, kind, person, source and time. */
async function listInvitations(request: HttpRequest, caller: Caller): Promise<HttpResponseInit> {
  const { listInvitations: list, settings } = await services();
  const onlyCaller = seesOnlyOwn(caller) ? { onlyCaller: caller.id } : {};
  const tokens = listTokens(settings.HASH_KEY, onlyCaller.onlyCaller ?? '');
  const read = readListQuery(request, settings.HASH_KEY, tokens);
  if (!read.ok) return read.answer;
  const { filter, pageSize, from } = read.query;
  const { found, next } = await list({ filter, pageSize, ...(from ? { from } : {}), ...onlyCaller });
  return listAnswer(request, read.query, found, next && tokens.seal({ filter, from: next }));
}

httpFunction('listInvitations', {
  methods: ['GET'],
  route: 'invitations',
  access: toRead,
  handler: listInvitations,
});

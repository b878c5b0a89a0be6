import type { HttpRequest } from '@azure/functions';

/** Entra's tokens have some 2 KB, and 6 KB with the most groups that it puts into one. */
const MOST_CHARACTERS = 16 * 1024;

/** `b64token` of RFC 6750, section 2.1. */
const FORM = /^Bearer +([\w.~+/-]+=*)$/i;

export type BearerToken = { type: 'given'; token: string } | { type: 'none' } | { type: 'malformed' };

/** The token of the Authorization header, and of nothing else: a query parameter ends up in logs. */
export function readBearerToken(request: HttpRequest): BearerToken {
  const header = request.headers.get('authorization');
  if (header === null || header.trim() === '') return { type: 'none' };
  const token = header.length <= MOST_CHARACTERS ? FORM.exec(header.trim())?.[1] : undefined;
  return token === undefined ? { type: 'malformed' } : { type: 'given', token };
}

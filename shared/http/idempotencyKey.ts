import type { HttpRequest } from '@azure/functions';
import { type ErrorAnswer, errorAnswer } from './errors';

const FORM = /^[\x21-\x7e]{1,255}$/;

export type ReadKey = { ok: true; key: string | undefined } | { ok: false; answer: ErrorAnswer };

/** The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): optional, quoted or plain. */
export function readIdempotencyKey(request: HttpRequest): ReadKey {
  const header = request.headers.get('idempotency-key');
  if (header === null) return { ok: true, key: undefined };
  const key = header.trim().replace(/^"(.*)"$/, '$1');
  if (FORM.test(key)) return { ok: true, key };
  const message = 'Idempotency-Key must be 1 to 255 printable ASCII characters without spaces, such as a UUID.';
  return { ok: false, answer: errorAnswer(400, 'invalidHeader', message, { target: 'Idempotency-Key' }) };
}

export const KEY_REUSED = errorAnswer(
  422,
  'idempotencyKeyReused',
  'This Idempotency-Key was used for another request before. Take a new key for a new request.',
  { target: 'Idempotency-Key' },
);

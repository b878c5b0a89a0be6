import { type KeyObject, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Place } from './presets';
import { signedBytes } from './signedContent';
import type { Source, Verification } from './source';

/** A request to POST /webhooks/{source} as it came. */
export interface WebhookRequest {
  headers: Pick<Headers, 'get'>;
  /** Left out where there is none. */
  query?: Pick<URLSearchParams, 'get'>;
  /** The bytes as they were received: a body that was parsed and written again has another signature. */
  rawBody: Uint8Array;
}

/** Why a request is refused. For logs: the sender is told 401 and no more. */
export type Refusal =
  | 'missingSignature'
  | 'missingTimestamp'
  | 'wrongSignature'
  | 'unreadableTimestamp'
  | 'tooOld'
  | 'tooNew'
  | 'missingCredentials'
  | 'wrongCredentials'
  | 'callerUnknown';

export type Verified = { ok: true } | { ok: false; reason: Refusal };

const refused = (reason: Refusal): Verified => ({ ok: false, reason });

/**
 * Whether a request comes from its source: over the raw body, in constant time, with any of the source's secrets. Pure.
 *
 * A replay within the tolerance, or of a sender that signs no timestamp, passes: it has the event id of the first
 * (`mapEvent`), so it is answered as the first was and does nothing. `isCallerKnown` says for sources of type `caller`
 * whether the request may do what POST /invitations asks a caller's rights for.
 */
export function verify(
  { verification }: Pick<Source, 'verification'>,
  request: WebhookRequest & { now: Date; isCallerKnown?: boolean },
): Verified {
  switch (verification.type) {
    case 'hmac':
      return verifySignature(verification, request);
    case 'basic':
      return verifySecret(basicCredentials(request), verification.keys);
    case 'token':
      return verifySecret(tokenOf(verification, request), verification.keys);
    case 'caller':
      return request.isCallerKnown === true ? { ok: true } : refused('callerUnknown');
  }
}

function verifySignature(
  { scheme, signedContent, toleranceMs, keys }: Extract<Verification, { type: 'hmac' }>,
  request: WebhookRequest & { now: Date },
): Verified {
  const given = valuesAt(scheme, request.headers);
  if (given.length === 0) return refused('missingSignature');
  const timestamp = scheme.timestamp && valuesAt(scheme.timestamp, request.headers)[0];
  if (scheme.timestamp && timestamp === undefined) return refused('missingTimestamp');
  const bytes = signedBytes(signedContent, { ...request, timestamp });
  if (!bytes) return refused('missingSignature');

  const right = keys.map((key) => signatureOf(bytes, key, scheme));
  const normal = given.map((value) => (scheme.encoding === 'hex' ? value.toLowerCase() : value));
  if (!anyEqual(normal, right)) return refused('wrongSignature');
  // Only now: of a request that anybody may have made up, its time says nothing.
  return timestamp === undefined ? { ok: true } : verifyTime(timestamp, request.now, toleranceMs);
}

function signatureOf(
  bytes: Uint8Array[],
  key: KeyObject,
  { algorithm, encoding }: { algorithm: string; encoding: 'hex' | 'base64' },
): string {
  const hmac = createHmac(algorithm, key);
  for (const part of bytes) hmac.update(part);
  return hmac.digest(encoding);
}

function verifyTime(timestamp: string, now: Date, toleranceMs: number): Verified {
  const sentAtMs = timestampMs(timestamp);
  if (sentAtMs === undefined) return refused('unreadableTimestamp');
  const ageMs = now.getTime() - sentAtMs;
  if (ageMs > toleranceMs) return refused('tooOld');
  return ageMs < -toleranceMs ? refused('tooNew') : { ok: true };
}

const LAST_IN_SECONDS = 100_000_000_000;

/** Senders write Unix seconds, Unix milliseconds or ISO 8601, and some have changed from one to the other. */
export function timestampMs(text: string): number | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text) < LAST_IN_SECONDS ? Number(text) * 1000 : Number(text);
  // Without an offset it would be read in this machine's own time zone.
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(ms) ? undefined : ms;
}

/** The values at a place; the prefix is cut off, and what has another one is left out. */
function valuesAt({ header, separator, prefix = '' }: Place, headers: Pick<Headers, 'get'>): string[] {
  const value = headers.get(header);
  if (value === null) return [];
  return (separator === undefined ? [value] : value.split(separator))
    .map((item) => item.trim())
    .filter((item) => item.startsWith(prefix) && item.length > prefix.length)
    .map((item) => item.slice(prefix.length));
}

function basicCredentials({ headers }: WebhookRequest): string | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

function tokenOf(
  where: Extract<Verification, { type: 'token' }>,
  { headers, query }: WebhookRequest,
): string | undefined {
  if (where.query !== undefined) return query?.get(where.query) ?? undefined;
  return where.header === undefined ? undefined : valuesAt({ header: where.header, prefix: where.prefix }, headers)[0];
}

function verifySecret(given: string | undefined, keys: KeyObject[]): Verified {
  if (given === undefined) return refused('missingCredentials');
  const right = keys.map((key) => key.export().toString('utf8'));
  return anyEqual([given], right) ? { ok: true } : refused('wrongCredentials');
}

/** Every pair is compared, over hashes of equal length: neither the time taken nor its end tells how near a guess was. */
const anyEqual = (given: string[], right: string[]): boolean =>
  given.flatMap((one) => right.map((other) => timingSafeEqual(hashOf(one), hashOf(other)))).includes(true);

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

import { createHmac } from 'node:crypto';
import { canonical } from '../domain/canonical';
import { type Instant, toMs } from '../domain/time';
import type { KeyRecord } from '../tables/idempotencyKeyEntity';
import type { IdempotencyKeys } from '../tables/idempotencyKeys';

/** How long a key without an answer counts as a request that is still running. */
const IN_PROGRESS_MS = 60_000;

export type TakenKey =
  | { type: 'first' }
  /** `mayGoOn`: who took it does not run any more, so a repeat may do the rest, under the ids that it chose. */
  | { type: 'earlier'; record: KeyRecord; mayGoOn: boolean }
  | { type: 'keyReused' };

/** Takes an Idempotency-Key for a request, or tells what an earlier one with it left. Throws `TablesUnavailableError`. */
export async function takeKey(
  idempotencyKeys: Pick<IdempotencyKeys, 'take'>,
  caller: string,
  key: string,
  record: KeyRecord,
  now: Instant,
): Promise<TakenKey> {
  const earlier = await idempotencyKeys.take(caller, key, record);
  if (!earlier) return { type: 'first' };
  if (earlier.fingerprint !== record.fingerprint) return { type: 'keyReused' };
  const mayGoOn = earlier.isOver === true || toMs(now) - toMs(earlier.createdAt) >= IN_PROGRESS_MS;
  return { type: 'earlier', record: earlier, mayGoOn };
}

/** The request ended without an answer for all of it and said to send it again, so a repeat need not wait. */
export const over = (record: KeyRecord): KeyRecord => ({ ...record, isOver: true });

/** Keyed, because a body holds an address that could be guessed. */
export function fingerprintOf(hashKey: string, what: 'body' | 'bulk', bodies: unknown[]): string {
  const hmac = createHmac('sha256', hashKey);
  for (const body of bodies) hmac.update(`${what}:${canonical(body)}`);
  return hmac.digest('hex');
}

import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Instant } from '../domain/time';

/** 24 to 64 bytes are what the specification asks for. */
const SECRET_BYTES = 32;

export const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/**
 * The headers of an event by Standard Webhooks. The time is that of the attempt, so that a late one is not taken for a
 * replay.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(id: string, body: string, secret: string, now: Instant): Record<string, string> {
  const at = new Date(now);
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'invitation-workflow',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

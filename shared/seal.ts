import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals bytes so that nobody can read or make them without HASH_KEY; each purpose has a key of its own. Each seal has a
 * random nonce of 96 bits, so a key is good for some four billion of them (NIST SP 800-38D, 8.3).
 */
export function makeSeal(hashKey: string, purpose: string) {
  const key = createHmac('sha256', hashKey).update(purpose).digest();

  /** `context` is not kept: what was sealed opens with the same one alone. */
  const seal = (bytes: Buffer, context: string): Buffer => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
    return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  };

  /** Undefined for whatever `seal` did not make with this key and context. */
  const open = (sealed: Buffer, context: string): Buffer | undefined => {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch {
      return undefined;
    }
  };

  return { seal, open };
}

export type Seal = ReturnType<typeof makeSeal>;

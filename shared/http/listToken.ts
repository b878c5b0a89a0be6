import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { InvitationFilter } from '../domain/invitationFilter';
import type { ListPosition } from '../tables/lists';

/** What the next page of a list needs: the filter of the first, and where that one ended. */
export interface ListPlace {
  filter: InvitationFilter;
  from: ListPosition;
}

const VERSION = '1.';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 16;

/**
 * Seals places of a list so that callers can neither read nor make them: nothing of a filter, which may hold an address,
 * gets into URLs and the logs of those who see them. `scope` is whom the list is shown to; a token of another does not
 * open. Each token has a random nonce of 96 bits, so a key is good for some four billion of them (NIST SP 800-38D, 8.3).
 */
export function listTokens(hashKey: string, scope: string) {
  const key = createHmac('sha256', hashKey).update('list token').digest();
  const context = Buffer.from(`${VERSION}${scope}`);

  const seal = (place: ListPlace): string => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(context);
    const sealed = [nonce, cipher.update(pack(place)), cipher.final(), cipher.getAuthTag()];
    return VERSION + Buffer.concat(sealed).toString('base64url');
  };

  /** Undefined for whatever `seal` did not make with this key and scope. */
  const open = (token: string): ListPlace | undefined => {
    const bytes = Buffer.from(token.slice(VERSION.length), 'base64url');
    if (!token.startsWith(VERSION) || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(context)
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      return unpack(Buffer.concat([text, decipher.final()]));
    } catch {
      return undefined;
    }
  };

  return { seal, open };
}

export type ListTokens = ReturnType<typeof listTokens>;

/** The filter as JSON behind its length, then 16 bytes an id: a token of 128 ids is as long as 3,000 characters. */
function pack({ filter, from }: ListPlace): Buffer {
  const text = Buffer.from(JSON.stringify(filter));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  const ids = [from.after, ...from.ahead].map((id) => Buffer.from(id.replaceAll('-', ''), 'hex'));
  return Buffer.concat([length, text, ...ids]);
}

function unpack(bytes: Buffer): ListPlace {
  const end = 2 + bytes.readUInt16BE();
  const filter = JSON.parse(bytes.toString('utf8', 2, end)) as InvitationFilter;
  const [after = '', ...ahead] = Array.from({ length: (bytes.length - end) / ID_BYTES }, (_, index) =>
    uuidOf(bytes.toString('hex', end + index * ID_BYTES, end + (index + 1) * ID_BYTES)),
  );
  return { filter, from: { after, ahead } };
}

const uuidOf = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');

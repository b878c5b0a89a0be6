import type { InvitationFilter } from '../domain/invitationFilter';
import { makeSeal } from '../seal';
import type { ListPosition } from '../tables/lists';

/** What the next page of a list needs: the filter of the first, and where that one ended. */
export interface ListPlace {
  filter: InvitationFilter;
  from: ListPosition;
}

const VERSION = '1.';
const ID_BYTES = 16;

/**
 * Seals places of a list so that callers can neither read nor make them: nothing of a filter, which may hold an address,
 * gets into URLs and the logs of those who see them. `scope` is whom the list is shown to; a token of another does not
 * open.
 */
export function listTokens(hashKey: string, scope: string) {
  const sealing = makeSeal(hashKey, 'list token');
  const context = `${VERSION}${scope}`;

  const seal = (place: ListPlace): string => VERSION + sealing.seal(pack(place), context).toString('base64url');

  /** Undefined for whatever `seal` did not make with this key and scope. */
  const open = (token: string): ListPlace | undefined => {
    if (!token.startsWith(VERSION)) return undefined;
    const bytes = sealing.open(Buffer.from(token.slice(VERSION.length), 'base64url'), context);
    return bytes && unpack(bytes);
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

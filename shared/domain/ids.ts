import { type KeyObject, createHash, createHmac, createSecretKey } from 'node:crypto';

/** Hash of a person that can't be reversed without HASH_KEY: 32 hex digits. */
export const personHash = (hashKey: string, normalised: string): string =>
  createHmac('sha256', keyOf(hashKey)).update(`person:${normalised}`).digest('hex').slice(0, 32);

let last: { hashKey: string; key: KeyObject } | undefined;

/** An app has one, and to make it anew for every person is slow on Node 24 (docs/decisions/0014). */
function keyOf(hashKey: string): KeyObject {
  if (last?.hashKey !== hashKey) last = { hashKey, key: createSecretKey(hashKey, 'utf8') };
  return last.key;
}

/** A fingerprint that tells two hash keys apart without giving either away. */
export const hashKeyFingerprint = (hashKey: string): string =>
  createHmac('sha256', hashKey).update('fingerprint').digest('hex').slice(0, 16);

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Two hex digits: everything of one person lives in one partition. */
export const partitionOf = (person: string, partitions: number): string =>
  (parseInt(person.slice(0, 8), 16) % partitions).toString(16).padStart(2, '0');

/** Every partition there is, as `partitionOf` names them. */
export const partitionNames = (partitions: number): string[] =>
  Array.from({ length: partitions }, (_, index) => index.toString(16).padStart(2, '0'));

/**
 * A UUIDv7 (RFC 9562) made of a time and 10 random bytes whose last two hex digits are the partition, so that the id
 * alone is enough for a point read. Derived ids pass bytes of a hash instead of random ones.
 */
export function invitationId(atMs: number, random: Uint8Array, partition: string): string {
  const time = atMs.toString(16).padStart(12, '0');
  const bytes = Buffer.from(random.subarray(0, 10));
  bytes.writeUInt8((bytes.readUInt8(0) & 0x0f) | 0x70, 0);
  bytes.writeUInt8((bytes.readUInt8(2) & 0x3f) | 0x80, 2);
  const rest = bytes.toString('hex');
  const hex = `${time}${rest}`.slice(0, 30) + partition;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The id of entry `index` of a request: the same whenever it is asked for. */
export const derivedId = (requestId: string, index: number, partition: string): string =>
  invitationId(
    parseInt(requestId.replace('-', '').slice(0, 12), 16),
    Buffer.from(sha256(`${requestId} ${index}`), 'hex'),
    partition,
  );

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const isInvitationId = (text: string): boolean => ID.test(text);

export const partitionOfId = (id: string): string => id.slice(-2);

/** Every hex digit turned around, so that ascending keys list the newest first. Its own inverse. */
export function complementOf(id: string): string {
  let turned = '';
  for (const digit of id) turned += COMPLEMENTS[digit] ?? digit;
  return turned;
}

const COMPLEMENTS: Partial<Record<string, string>> = Object.fromEntries(
  Array.from('0123456789abcdef', (digit, value) => [digit, (15 - value).toString(16)]),
);

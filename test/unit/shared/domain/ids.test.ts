import fc from 'fast-check';
import {
  complementOf,
  hashKeyFingerprint,
  invitationId,
  isInvitationId,
  partitionNames,
  partitionOf,
  partitionOfId,
  personHash,
  sha256,
} from '../../../../shared/domain/ids';

const ones = new Uint8Array(10).fill(0xff);
const zeros = new Uint8Array(10);
const AT_MS = Date.parse('2026-03-02T09:00:00.000Z');

const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
const instantMs = fc.integer({ min: 0, max: 281_474_976_710_655 });
const partition = fc.integer({ min: 0, max: 255 }).map((n) => n.toString(16).padStart(2, '0'));
const ids = fc.tuple(instantMs, bytes, partition).map(([at, random, key]) => invitationId(at, random, key));

describe('invitationId', () => {
  it('sets version 7 and the variant of RFC 9562, and ends with the partition', () => {
    expect(invitationId(AT_MS, ones, '0b')).toBe('019cadc6-9a80-7fff-bfff-ffffffffff0b');
    expect(invitationId(0, zeros, '00')).toBe('00000000-0000-7000-8000-000000000000');
  });

  it('keeps the example of RFC 9562, appendix A.6, but for its last two digits', () => {
    const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(invitationId(0x017f22e279b0, random, '05')).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c073905');
  });

  it('is a UUIDv7 that names its partition, whatever the time and the bytes', () => {
    fc.assert(
      fc.property(instantMs, bytes, partition, (at, random, key) => {
        const id = invitationId(at, random, key);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(isInvitationId(id)).toBe(true);
        expect(partitionOfId(id)).toBe(key);
      }),
    );
  });

  it('leaves the bytes it is given alone', () => {
    const given = Uint8Array.from(ones);
    invitationId(AT_MS, given, '0b');
    expect(given).toEqual(ones);
  });
});

describe('isInvitationId', () => {
  it.each([
    ['a UUIDv4', '019cadcc-6a00-4abc-8def-01234567890b'],
    ['another variant', '019cadcc-6a00-7abc-7def-01234567890b'],
    ['upper case', '019CADCC-6A00-7ABC-8DEF-01234567890B'],
    ['a piece', '019cadcc-6a00-7abc-8def'],
    ['text around it', ' 019cadcc-6a00-7abc-8def-01234567890b'],
    ['a line end after it', '019cadcc-6a00-7abc-8def-01234567890b\n'],
    ['nothing', ''],
  ])('refuses %s', (_what, text) => {
    expect(isInvitationId(text)).toBe(false);
  });
});

describe('complementOf', () => {
  it('turns every hex digit around and leaves the hyphens', () => {
    expect(complementOf('019cadcc-6a00-7fff-bfff-0123456789ab')).toBe('fe635233-95ff-8000-4000-fedcba987654');
  });

  it('is its own inverse', () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(complementOf(complementOf(id))).toBe(id);
      }),
    );
  });

  it('lists the newest first', () => {
    fc.assert(
      fc.property(instantMs, instantMs, bytes, bytes, partition, (a, b, randomA, randomB, key) => {
        fc.pre(a < b);
        const older = complementOf(invitationId(a, randomA, key));
        const newer = complementOf(invitationId(b, randomB, key));
        expect(newer < older).toBe(true);
      }),
    );
  });
});

describe('hashes', () => {
  // Made with: printf %s 'person:ada@fabrikam.example' | openssl dgst -sha256 -hmac secret
  it('are the first 32 hex digits of an HMAC for a person', () => {
    expect(personHash('secret', 'ada@fabrikam.example')).toBe('1330096927b765cd4e79848a2ae707db');
  });

  it('differ for another person and for another key', () => {
    const hash = personHash('secret', 'ada@fabrikam.example');
    expect(personHash('secret', 'bob@fabrikam.example')).not.toBe(hash);
    expect(personHash('other', 'ada@fabrikam.example')).not.toBe(hash);
  });

  it('tell two keys apart by a fingerprint that is no person’s hash', () => {
    expect(hashKeyFingerprint('secret')).toBe('9b1380d35f54bd18');
    expect(hashKeyFingerprint('other')).not.toBe('9b1380d35f54bd18');
  });

  // The test vector of FIPS 180-2.
  it('are plain SHA-256 for idempotency keys', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('partitionOf', () => {
  it.each([
    ['00000000ffffffffffffffffffffffff', 16, '00'],
    ['0000000fffffffffffffffffffffffff', 16, '0f'],
    ['00000010ffffffffffffffffffffffff', 16, '00'],
    ['ffffffff000000000000000000000000', 16, '0f'],
    ['000000ff000000000000000000000000', 256, 'ff'],
    ['12345678000000000000000000000000', 1, '00'],
  ])('of person %s among %d: %s', (person, partitions, key) => {
    expect(partitionOf(person, partitions)).toBe(key);
  });
});

describe('partitionNames', () => {
  it('names every partition with two hex digits', () => {
    expect(partitionNames(3)).toEqual(['00', '01', '02']);
    expect(partitionNames(256).at(-1)).toBe('ff');
  });
});

import fc from 'fast-check';
import type { People, RequestBody } from '../../../cli/people/people';
import { planOf } from '../../../cli/sending/plan';

const people = (bodies: RequestBody[], digest?: string): People => ({
  name: 'f',
  ...(digest === undefined ? {} : { digest }),
  entries: bodies.map((body, index) => ({ line: index + 2, body })),
});
const many = (count: number, digest = 'd'): People =>
  people(
    Array.from({ length: count }, (_, index) => ({ invitedUserEmailAddress: `p${index}@x.org` })),
    digest,
  );
const keysOf = (of: People, round?: string): string[] =>
  planOf(of, { salt: round }).chunks.map((chunk) => chunk.idempotencyKey);
const sizesOf = (of: People): number[] => planOf(of).chunks.map(({ entries }) => entries.length);

describe('planOf', () => {
  it('gives the same keys for the same file, so that a second run is the first one again', () => {
    expect(keysOf(many(300))).toEqual(keysOf(many(300)));
    expect(keysOf(many(300))).toEqual([
      expect.stringMatching(/^b2b-invite-[0-9a-f]{32}-2-101$/),
      expect.stringMatching(/^b2b-invite-[0-9a-f]{32}-102-201$/),
      expect.stringMatching(/^b2b-invite-[0-9a-f]{32}-202-301$/),
    ]);
  });

  it.each<[string, string[]]>([
    ['another file with the same people', keysOf(many(1, 'e'))],
    ['other options', keysOf(people([{ invitedUserEmailAddress: 'p0@x.org', expireAfter: 'P1D' }], 'd'))],
    ['another round', keysOf(many(1), 'spring')],
  ])('gives other keys for %s', (_, [key]) => {
    expect(key).not.toBe(keysOf(many(1))[0]);
  });

  it('gives each line a key of its own for apps without a bulk route', () => {
    const plan = planOf(many(3));
    expect(new Set(plan.chunks[0]!.entries.map(plan.keyOf)).size).toBe(3);
  });

  it('makes calls of a hundred at least, and of a thousand at most', () => {
    expect(sizesOf(many(25))).toEqual([25]);
    expect(sizesOf(many(250))).toEqual([100, 100, 50]);
    expect(sizesOf(many(3000))).toEqual(Array.from({ length: 10 }, () => 300));
    expect(sizesOf(many(12_000))).toEqual(Array.from({ length: 12 }, () => 1000));
  });

  it('counts the recipients of a share', () => {
    const share = (count: number) => ({ kind: 'driveItem', recipients: Array.from({ length: count }, () => ({})) });
    expect(sizesOf(people([share(60), share(40), share(1)], 'd'))).toEqual([2, 1]);
  });

  it('stays below a mebibyte a call, counted as it goes out', () => {
    const long = { invitedUserMessageInfo: { customizedMessageBody: 'ü'.repeat(5000) } };
    expect(
      sizesOf(
        people(
          Array.from({ length: 100 }, () => long),
          'd',
        ),
      ),
    ).toEqual([99, 1]);
  });

  it('sends every readable line once and in order, and none that is not', () => {
    const entry = fc.oneof(
      fc.record({ body: fc.constant<RequestBody>({ invitedUserEmailAddress: 'a@x.org' }) }),
      fc.record({ fault: fc.constant('is odd') }),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 400 }), (entries) => {
        const numbered = entries.map((each, index) => ({ ...each, line: index + 1 }));
        const plan = planOf({ name: 'f', digest: 'd', entries: numbered });
        const lines = plan.chunks.flatMap((chunk) => chunk.entries.map(({ line }) => line));
        expect(lines).toEqual(numbered.flatMap((each) => ('body' in each ? [each.line] : [])));
        expect(plan.unreadable.map(({ line }) => line)).toEqual(
          numbered.flatMap((each) => ('fault' in each ? [each.line] : [])),
        );
      }),
    );
  });
});

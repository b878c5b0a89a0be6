import fc from 'fast-check';
import type { Entry, People, RequestBody } from '../../../cli/people/people';
import { planOf } from '../../../cli/sending/plan';
import { collect, pieces } from '../../support/pieces';

const of = (entries: Entry[]): People => ({ name: 'f', isFile: true, entries: () => pieces(...entries) });
const people = (bodies: RequestBody[]): People => of(bodies.map((body, index) => ({ line: index + 2, body })));
const guest = (index: number): RequestBody => ({ invitedUserEmailAddress: `p${index}@x.org` });
const many = (count: number): People => people(Array.from({ length: count }, (_, index) => guest(index)));

const chunksOf = async (from: People, round?: string) =>
  collect((await planOf(from, { salt: round })).chunks(() => undefined));
const keysOf = async (from: People, round?: string): Promise<string[]> =>
  (await chunksOf(from, round)).map((chunk) => chunk.idempotencyKey);
const sizesOf = async (from: People): Promise<number[]> => (await chunksOf(from)).map(({ entries }) => entries.length);

describe('planOf', () => {
  it('gives the same keys for the same lines, so that a second run is the first one again', async () => {
    expect(await keysOf(many(300))).toEqual(await keysOf(many(300)));
    expect(await keysOf(many(300))).toEqual([
      expect.stringMatching(/^b2b-invite-[0-9a-f]{32}-2-101$/),
      expect.stringMatching(/^b2b-invite-[0-9a-f]{32}-102-201$/),
      expect.stringMatching(/^b2b-invite-[0-9a-f]{32}-202-301$/),
    ]);
  });

  it.each<[string, People, string | undefined]>([
    ['other people', people([guest(1)]), undefined],
    ['the same people on other lines', of([{ line: 3, body: guest(0) }]), undefined],
    ['other options', people([{ ...guest(0), expireAfter: 'P1D' }]), undefined],
    ['another round', many(1), 'spring'],
  ])('gives other keys for %s', async (_, from, round) => {
    const [stamp] = (await keysOf(from, round)).map((key) => key.slice(0, 'b2b-invite-'.length + 32));
    expect(stamp).toMatch(/^b2b-invite-[0-9a-f]{32}$/);
    expect((await keysOf(many(1)))[0]).not.toContain(stamp);
  });

  it('gives each line a key of its own for apps without a bulk route', async () => {
    const plan = await planOf(many(3));
    const [chunk] = await collect(plan.chunks(() => undefined));
    expect(new Set(chunk!.entries.map(plan.keyOf)).size).toBe(3);
  });

  it('reads no further than to the chunk that is asked for, and a line beyond it', async () => {
    let read = 0;
    const counted: People = {
      ...many(250),
      entries: async function* () {
        read = 0;
        for await (const entry of many(250).entries()) {
          read += 1;
          yield entry;
        }
      },
    };
    const { total, chunks } = await planOf(counted);
    expect([total, read]).toEqual([250, 250]);
    const seen: number[] = [];
    for await (const { entries } of chunks(() => undefined)) seen.push(entries.length, read);
    expect(seen).toEqual([100, 101, 100, 201, 50, 250]);
  });

  it('says so when the file was changed in between', async () => {
    let times = 0;
    const changing: People = { ...many(1), entries: () => many(150 + (times += 1)).entries() };
    const { chunks } = await planOf(changing);
    await expect(collect(chunks(() => undefined))).rejects.toThrow('f was changed while it was being sent.');
  });

  it('makes calls of a hundred at least, and of a thousand at most', async () => {
    expect(await sizesOf(many(25))).toEqual([25]);
    expect(await sizesOf(many(250))).toEqual([100, 100, 50]);
    expect(await sizesOf(many(3000))).toEqual(Array.from({ length: 10 }, () => 300));
    expect(await sizesOf(many(12_000))).toEqual(Array.from({ length: 12 }, () => 1000));
  });

  it('counts the recipients of a share', async () => {
    const share = (count: number) => ({ kind: 'driveItem', recipients: Array.from({ length: count }, () => ({})) });
    expect(await sizesOf(people([share(60), share(40), share(1)]))).toEqual([2, 1]);
  });

  it('stays below a mebibyte a call, counted as it goes out', async () => {
    const long = { invitedUserMessageInfo: { customizedMessageBody: 'ü'.repeat(5000) } };
    expect(await sizesOf(people(Array.from({ length: 100 }, () => long)))).toEqual([99, 1]);
  });

  it('sends every readable line once and in order, and tells of every other', async () => {
    const entry = fc.oneof(
      fc.record({ body: fc.constant<RequestBody>({ invitedUserEmailAddress: 'a@x.org' }) }),
      fc.record({ fault: fc.constant('is odd') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 400 }), async (entries) => {
        const numbered = entries.map((each, index) => ({ ...each, line: index + 1 }));
        const plan = await planOf(of(numbered));
        const unreadable: number[] = [];
        const chunks = await collect(plan.chunks(({ line }) => unreadable.push(line)));
        const lines = chunks.flatMap((chunk) => chunk.entries.map(({ line }) => line));
        expect(lines).toEqual(numbered.flatMap((each) => ('body' in each ? [each.line] : [])));
        expect(unreadable).toEqual(numbered.flatMap((each) => ('fault' in each ? [each.line] : [])));
        expect([plan.total, plan.lines]).toEqual([lines.length, numbered.length]);
      }),
    );
  });
});

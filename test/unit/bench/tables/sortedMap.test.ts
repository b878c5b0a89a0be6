import fc from 'fast-check';
import { makeSortedMap } from '../../../../bench/tables/sortedMap';

/** Few enough that keys come again, many enough that chunks split and vanish. */
const key = fc.integer({ min: 0, max: 3000 }).map((number) => `k${String(number).padStart(4, '0')}`);
const change = fc.record({ key, isRemoval: fc.boolean() });

describe('sorted map', () => {
  it('holds, after any writes and removals, what a plain map holds, in the order of keys', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4000, size: 'max' }), key, (changes, from) => {
        const [sorted, plain] = [makeSortedMap<number>(), new Map<string, number>()];
        changes.forEach(({ key: each, isRemoval }, number) => {
          if (isRemoval) expect(sorted.remove(each)).toBe(plain.delete(each));
          else {
            sorted.set(each, number);
            plain.set(each, number);
          }
        });
        const expected = [...plain].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...sorted.entriesFrom('')]).toEqual(expected);
        expect([...sorted.entriesFrom(from)]).toEqual(expected.filter(([each]) => each >= from));
        expect(sorted.get(from)).toBe(plain.get(from));
        expect(sorted.size()).toBe(plain.size);
      }),
      { numRuns: 30 },
    );
  });

  it.each(['ascending', 'descending'])('keeps many keys that come in %s order', (order) => {
    const numbers = Array.from({ length: 10_000 }, (_, index) => (order === 'ascending' ? index : 9_999 - index));
    const sorted = makeSortedMap<number>();
    for (const number of numbers) sorted.set(String(number).padStart(5, '0'), number);
    expect([...sorted.entriesFrom('')].map(([, value]) => value)).toEqual([...Array(10_000).keys()]);
    for (const number of numbers) expect(sorted.remove(String(number).padStart(5, '0'))).toBe(true);
    expect([...sorted.entriesFrom('')]).toEqual([]);
  });
});

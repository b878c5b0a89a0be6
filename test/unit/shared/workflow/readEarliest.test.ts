import fc from 'fast-check';
import { makeReadPace, readEarliest } from '../../../../shared/workflow/readEarliest';

interface Item {
  id: string;
  at: string;
}

/** Tables that hold these, each in its partition; due at the same second in the order in which they are given. */
function reading(seconds: number[][]) {
  const held = new Map(
    seconds.map((of, nth) => [
      nth.toString(16).padStart(2, '0'),
      of.toSorted((a, b) => a - b).map((second, place): Item => ({ id: `${nth}/${place}`, at: timeOf(second) })),
    ]),
  );
  const reads: [partition: string, count: number, second: number][] = [];
  let now = 0;
  const sleep = (ms: number) => Promise.resolve(void (now += ms));
  const pace = makeReadPace(sleep);
  const read = (limit: number) =>
    readEarliest<Item>(limit, {
      partitions: seconds.length,
      read: (partition, after, most) => {
        const all = held.get(partition) ?? [];
        const from = after ? all.indexOf(after) + 1 : 0;
        const page = all.slice(from, from + most);
        reads.push([partition, page.length, now / 1000]);
        return Promise.resolve(page);
      },
      dueAt: ({ at }) => at,
      pace,
    });
  return { read, reads, entities: () => reads.reduce((sum, [, count]) => sum + count, 0) };
}

const timeOf = (second: number): string => new Date(Date.UTC(2026, 2, 2, 9) + second * 1000).toISOString();
const every = (count: number, of: (nth: number) => number) => Array.from({ length: count }, (_, nth) => of(nth));
const sixteen = (of: (partition: number) => number[]) => every(16, (nth) => nth).map(of);

describe('readEarliest', () => {
  it('asks each partition once where all that is due fits, and reads no more than that', async () => {
    const { read, reads, entities } = reading(sixteen((partition) => every(28, (nth) => nth + partition)));
    expect(await read(2700)).toHaveLength(448);
    expect(reads).toHaveLength(16);
    expect(entities()).toBe(448);
  });

  it('reads about what it gives of a backlog, not as much of each partition', async () => {
    const { read, reads, entities } = reading(sixteen((partition) => every(4000, (nth) => 16 * nth + partition)));
    const found = await read(3200);
    expect(found.map(({ at }) => at)).toEqual(every(3200, (nth) => nth).map(timeOf));
    // 1.25 × 200 of each.
    expect([reads.length, entities()]).toEqual([16, 4000]);
  });

  it('reads on where one partition holds the earliest, a thousand a second', async () => {
    const oldest = every(5000, (nth) => nth - 10_000);
    const { read, reads } = reading(sixteen((partition) => (partition === 3 ? oldest : every(300, (nth) => nth))));
    const found = await read(3200);
    expect(new Set(found.map(({ id }) => id.split('/')[0]))).toEqual(new Set(['3']));
    const bySecond = reads
      .filter(([partition]) => partition === '03')
      .reduce<number[]>((sums, [, count, second]) => {
        sums[second] = (sums[second] ?? 0) + count;
        return sums;
      }, []);
    expect(bySecond).toEqual([1000, 1000, 1000, 250]);
    // The others were asked once.
    expect(reads.filter(([partition]) => partition === '04')).toHaveLength(1);
  });

  it('has a pace of one partition for all that a tick reads', async () => {
    const { read, reads } = reading([every(5000, (nth) => nth)]);
    await read(600);
    await read(600);
    // Four hundred are left of the first second.
    expect(reads).toEqual([
      ['00', 600, 0],
      ['00', 400, 0],
      ['00', 600, 1],
    ]);
  });

  it('goes on behind the last of many that are due at the same time', async () => {
    const { read } = reading([every(2500, () => 0), []]);
    const found = await read(2400);
    expect(new Set(found.map(({ id }) => id)).size).toBe(2400);
  });

  it('waits for nothing where little is due, however few the partitions', async () => {
    const { read, reads } = reading([every(600, (nth) => nth)]);
    expect(await read(2700)).toHaveLength(600);
    expect(reads).toEqual([['00', 600, 0]]);
  });

  it('gives what reading everything and sorting would, however it is spread', async () => {
    const partition = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(partition, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 700 }),
        async (partitions, limit) => {
          const found = await reading(partitions).read(limit);
          const expected = partitions.flat().toSorted((a, b) => a - b);
          expect(found.map(({ at }) => at)).toEqual(expected.slice(0, limit).map(timeOf));
          expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
        },
      ),
    );
  });
});

import type { Hint } from '../../../../shared/queue/hints';
import type { Tables } from '../../../../shared/tables/openTables';
import { makeWakeInvitations } from '../../../../shared/workflow/wakeInvitations';

const ID = '019cadc6-9a80-7abc-8def-01234567890b';
const NOW = '2026-03-02T09:00:00.000Z';
const at = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1_000).toISOString();

/** Tables that hold these wake-ups in one partition, and answer the range that is asked for, in pages. */
function tablesWith(rowKeys: string[]): Tables {
  const listEntities = ({ queryOptions: { filter } }: { queryOptions: { filter: string } }) => {
    const [, partition, behind, until] = /^PartitionKey eq '(.*)' and RowKey gt '(.*)' and RowKey lt '(.*)'$/.exec(
      filter,
    )!;
    const found = partition === '00' ? rowKeys.filter((key) => key > behind! && key < until!).sort() : [];
    return {
      byPage: ({ maxPageSize }: { maxPageSize: number }) =>
        Array.from({ length: Math.ceil(found.length / maxPageSize) }, (_, nth) =>
          found.slice(nth * maxPageSize, (nth + 1) * maxPageSize).map((rowKey) => ({ rowKey })),
        ),
    };
  };
  return { invitations: { listEntities } } as unknown as Tables;
}

function waking(rowKeys: string[], { perSecond = 1, isTaken = true } = {}) {
  const hinted: Hint[] = [];
  /** `sentAtMs`: when each batch was sent; a broker that takes no more than so many batches. */
  const world = { now: NOW, isBusy: false, isTaken, takes: Infinity, ms: 0, sentAtMs: [] as number[] };
  const wake = makeWakeInvitations({
    tables: tablesWith(rowKeys),
    hints: {
      send: (hints) => {
        world.sentAtMs.push(world.ms);
        if (world.sentAtMs.length > world.takes) return Promise.resolve(false);
        hinted.push(...hints);
        return Promise.resolve(world.isTaken);
      },
    },
    partitions: 2,
    tickMs: 60_000,
    gates: {
      invitations: { demand: () => Promise.resolve({ perSecond, isBusy: world.isBusy, closedUntil: undefined }) },
    },
    now: () => world.now,
    monotonicMs: () => world.ms,
    sleep: (ms) => Promise.resolve(void (world.ms += ms)),
  });
  /** The keys that a tick at that second hints at. */
  const tickAt = async (seconds: number): Promise<string[]> => {
    world.now = at(seconds);
    const before = hinted.length;
    await wake();
    return hinted.slice(before).map((hint) => hint.wakeUp);
  };
  return { wake, hinted, world, tickAt };
}

const wakeUp = (lane: 0 | 1, seconds: number) => `w-${lane}-${at(seconds)}-${ID}`;

it('hints at what is due before the next tick and ten seconds more, each for its time', async () => {
  const keys = [wakeUp(0, -5), wakeUp(1, 30), wakeUp(0, 69), wakeUp(0, 70), wakeUp(1, 3_600)];
  const { wake, hinted } = waking(keys, { perSecond: 25 });
  expect(await wake()).toMatchObject({ found: 3, sent: true, oldest: at(-5), overdue: 1, oldestOverdueSeconds: 5 });
  expect(hinted).toEqual([
    { id: ID, wakeUp: wakeUp(0, -5), at: at(-5) },
    { id: ID, wakeUp: wakeUp(0, 69), at: at(69) },
    { id: ID, wakeUp: wakeUp(1, 30), at: at(30) },
  ]);
});

it('says that the queue did not take them all', async () => {
  expect(await waking([wakeUp(0, 0)], { isTaken: false }).wake()).toMatchObject({ found: 1, sent: false });
});

it('finds nothing where nothing is due', async () => {
  expect(await waking([wakeUp(0, 100)]).wake()).toMatchObject({ found: 0, oldest: undefined, oldestOverdueSeconds: 0 });
});

it('hints at no more than Graph takes in two ticks, and spreads it over the tick', async () => {
  const keys = Array.from({ length: 500 }, (_, index) => wakeUp(0, -1_000 + index));
  const { wake, hinted } = waking(keys);
  await wake();
  // Twice 1 a second for 60 s, less the tenth that is lane 1's.
  expect(hinted).toHaveLength(108);
  expect([hinted[0]?.at, hinted[1]?.at, hinted[107]?.at]).toEqual([at(0), at(0.5), at(53.5)]);
});

it('sends them at a steady pace, each well before its time', async () => {
  const keys = Array.from({ length: 2_000 }, (_, index) => wakeUp(0, -2_000 + index));
  const { wake, hinted, world } = waking(keys, { perSecond: 10 });
  expect(await wake()).toMatchObject({ found: 1_080, sent: true });
  // All are in one partition, which gives a thousand a second.
  expect(world.sentAtMs).toEqual([1000, 1334, 1668, 2002, 2336, 2670, 3004, 3338, 3672, 4006, 4340]);
  // The last eighty, sent after 4.3 s, begin with what is to be looked at after 50.
  expect(hinted[1_000]?.at).toBe(at(50));
});

it('finds no more than it has the time to send, ends well before the next tick, and that one goes on', async () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => wakeUp(0, -20_000 + index));
  const { tickAt, hinted, world } = waking(keys, { perSecond: 1_000 });
  world.isBusy = true;
  await tickAt(0);
  // 48 s: thirteen of them to read what is in one partition, and a hundred each 334 ms in the others.
  expect(hinted).toHaveLength(10_500);
  expect(world.ms).toBeLessThan(50_000);
  const second = await tickAt(60);
  // Behind a tenth for what has waited longest.
  expect(second.slice(1_296, 9_000)).toEqual(keys.slice(10_500, 18_204));
});

it('leaves lane 1 its tenth however long lane 0 is, and what lane 0 leaves', async () => {
  const lane = (number: 0 | 1, count: number) =>
    Array.from({ length: count }, (_, index) => wakeUp(number, -1_000 + index));
  const busy = waking([...lane(0, 300), ...lane(1, 300)]);
  await busy.wake();
  expect(busy.hinted.filter((hint) => hint.wakeUp.startsWith('w-1-'))).toHaveLength(12);
  const quiet = waking([...lane(0, 20), ...lane(1, 300)]);
  await quiet.wake();
  expect(quiet.hinted.filter((hint) => hint.wakeUp.startsWith('w-1-'))).toHaveLength(100);
});

describe('while callers wait for the gate', () => {
  const busy = (rowKeys: string[], options = {}) => {
    const made = waking(rowKeys, options);
    made.world.isBusy = true;
    return made;
  };

  it('goes on where the last tick ended: what that one hinted at is in the queue', async () => {
    const [first, second, third] = [wakeUp(0, -5), wakeUp(1, 60), wakeUp(0, 100)];
    const { tickAt } = busy([first, second, third]);
    expect(await tickAt(0)).toEqual([first, second]);
    expect(await tickAt(60)).toEqual([third]);
    expect(await tickAt(120)).toEqual([]);
  });

  it('hints at all of it again once nobody waits', async () => {
    const [first, second] = [wakeUp(0, -5), wakeUp(1, 60)];
    const { tickAt, world } = busy([first, second]);
    await tickAt(0);
    world.isBusy = false;
    expect(await tickAt(60)).toEqual([first, second]);
  });

  it('does not take for hinted what the queue did not take', async () => {
    const key = wakeUp(0, -5);
    const { tickAt, world } = busy([key], { isTaken: false });
    await tickAt(0);
    world.isTaken = true;
    expect(await tickAt(60)).toEqual([key]);
    expect(await tickAt(120)).toEqual([]);
  });

  it('goes on behind what the queue did take', async () => {
    const keys = Array.from({ length: 250 }, (_, index) => wakeUp(0, index / 10));
    const { tickAt, world } = busy([...keys, wakeUp(1, 5)], { perSecond: 10 });
    world.takes = 1;
    expect(await tickAt(0)).toEqual(keys.slice(0, 100));
    world.takes = Infinity;
    expect(await tickAt(60)).toEqual([...keys.slice(100), wakeUp(1, 5)]);
    expect(await tickAt(120)).toEqual([]);
  });

  it('is not thrown back by what has waited for long where the queue takes none of it', async () => {
    const keys = Array.from({ length: 150 }, (_, index) => wakeUp(0, -1_000 + index));
    const { tickAt, world } = busy(keys);
    expect(await tickAt(0)).toHaveLength(108);
    world.takes = world.sentAtMs.length;
    expect(await tickAt(60)).toEqual([]);
    world.takes = Infinity;
    // The eleven oldest again, the one at which the first ended, and all behind it.
    expect(await tickAt(120)).toEqual([...keys.slice(0, 11), ...keys.slice(107)]);
  });

  it('hints again at what has waited for ten minutes, as its hint may be lost', async () => {
    const key = wakeUp(0, -5);
    const { tickAt } = busy([key]);
    const hintedAt = [];
    for (let minute = 0; minute <= 11; minute += 1) if ((await tickAt(60 * minute)).length > 0) hintedAt.push(minute);
    expect(hintedAt).toEqual([0, 10, 11]);
  });

  it('gives those no more than a tenth of the hints, and comes to the end of the others however many they are', async () => {
    const waiting = Array.from({ length: 500 }, (_, index) => wakeUp(0, -1_000 + index));
    const { tickAt } = busy(waiting);
    const ticks = [];
    for (let minute = 0; minute < 6; minute += 1) ticks.push(await tickAt(60 * minute));
    // 108 a tick, and from the second on the eleven oldest once more among them, and the one at which the last ended.
    expect(ticks.map((hintedAt) => hintedAt.length)).toEqual([108, 108, 108, 108, 108, 20]);
    expect(ticks.slice(1).map((hintedAt) => hintedAt.slice(0, 11))).toEqual(Array(5).fill(waiting.slice(0, 11)));
    expect(new Set(ticks.flat()).size).toBe(500);
  });
});

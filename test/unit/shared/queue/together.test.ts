import { together } from '../../../../shared/queue/together';

/** Longer than any test: nobody waits so long. */
const LONG_MS = 60_000;

/** Notes what it is asked to do, and answers how much that was. */
function worker({ most = 10, longestWaitMs = LONG_MS } = {}) {
  const done: string[][] = [];
  const ask = together(
    (items: string[]) => {
      done.push(items);
      return items.includes('bad') ? Promise.reject(new Error('bad')) : Promise.resolve(items.length);
    },
    { most, longestWaitMs },
  );
  return { ask, done };
}

/** Its first call is under way until `end`; the others end at once. */
function busyWorker(options: { most?: number; longestWaitMs?: number } = {}) {
  let end = (): void => undefined;
  const firstIsOver = new Promise<void>((resolve) => (end = resolve));
  const done: string[][] = [];
  const ask = together(
    async (items: string[]) => {
      done.push(items);
      if (done.length === 1) await firstIsOver;
      return items.length;
    },
    { most: 10, longestWaitMs: LONG_MS, ...options },
  );
  return { ask, done, end };
}

const turnIsOver = () => new Promise<void>((resolve) => setImmediate(resolve));

it('does what was asked for in one turn as one, in that order, and answers everyone', async () => {
  const { ask, done } = worker();
  expect(await Promise.all([ask(['a']), ask(['b', 'c']), Promise.resolve().then(() => ask(['d']))])).toEqual([4, 4, 4]);
  expect(done).toEqual([['a', 'b', 'c', 'd']]);
});

it('lets nobody wait where nothing is under way', async () => {
  const { ask, done } = worker();
  expect(await ask(['a'])).toBe(1);
  expect(await ask(['b'])).toBe(1);
  expect(done).toEqual([['a'], ['b']]);
});

it('does as one what is asked for while other work is under way, as soon as that is over', async () => {
  const { ask, done, end } = busyWorker();
  const first = ask(['a']);
  await turnIsOver();
  const second = ask(['b']);
  await turnIsOver();
  const third = ask(['c', 'd']);
  await turnIsOver();
  expect(done).toEqual([['a']]);
  end();
  expect(await Promise.all([first, second, third])).toEqual([1, 3, 3]);
  expect(done).toEqual([['a'], ['b', 'c', 'd']]);
});

it('waits for work that hangs no longer than it may', async () => {
  const { ask, done, end } = busyWorker({ longestWaitMs: 1 });
  const first = ask(['a']);
  await turnIsOver();
  expect(await ask(['b'])).toBe(1);
  expect(done).toEqual([['a'], ['b']]);
  end();
  expect(await first).toBe(1);
});

it('does not wait any longer once there is as much as may be in one', async () => {
  const { ask, done, end } = busyWorker({ most: 3 });
  const first = ask(['a']);
  await turnIsOver();
  const full = ask(['b', 'c']);
  const next = ask(['d', 'e']);
  expect(await full).toBe(2);
  expect(done).toEqual([['a'], ['b', 'c']]);
  end();
  expect(await Promise.all([first, next])).toEqual([1, 2]);
});

it('begins another one rather than have more than the most in one', async () => {
  const { ask, done } = worker({ most: 3 });
  expect(await Promise.all([ask(['a', 'b']), ask(['c']), ask(['d', 'e']), ask(['f'])])).toEqual([3, 3, 3, 3]);
  expect(done).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
  ]);
});

it('tells everyone of a failure, and goes on with what comes next', async () => {
  const { ask } = worker();
  const failed = await Promise.allSettled([ask(['bad']), ask(['a'])]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await ask(['b'])).toBe(1);
});

it('goes on with what waited for work that failed', async () => {
  const { ask, done } = worker();
  const failed = expect(ask(['bad'])).rejects.toThrow('bad');
  await turnIsOver();
  expect(await ask(['b'])).toBe(1);
  await failed;
  expect(done).toEqual([['bad'], ['b']]);
});

import { together } from '../../../../shared/queue/together';

/** Notes what it is asked to do, and answers how much that was. */
function worker(most = 10) {
  const done: string[][] = [];
  const ask = together((items: string[]) => {
    done.push(items);
    return items.includes('bad') ? Promise.reject(new Error('bad')) : Promise.resolve(items.length);
  }, most);
  return { ask, done };
}

it('does what was asked for in one turn as one, in that order, and answers everyone', async () => {
  const { ask, done } = worker();
  expect(await Promise.all([ask(['a']), ask(['b', 'c']), Promise.resolve().then(() => ask(['d']))])).toEqual([4, 4, 4]);
  expect(done).toEqual([['a', 'b', 'c', 'd']]);
});

it('does by itself what is asked for while other work is under way', async () => {
  const { ask, done } = worker();
  expect(await ask(['a'])).toBe(1);
  expect(await ask(['b'])).toBe(1);
  expect(done).toEqual([['a'], ['b']]);
});

it('begins another one rather than have more than the most in one', async () => {
  const { ask, done } = worker(3);
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

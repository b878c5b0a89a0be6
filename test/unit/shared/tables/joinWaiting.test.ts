import { AsyncLocalStorage } from 'node:async_hooks';
import { makeJoinWaiting } from '../../../../shared/tables/joinWaiting';

const LONGEST_WAIT_MS = 30;

/** Work that ends when it is told to; items clash that begin with the same letter. */
function worker(most = 10) {
  const begun: { items: string[]; end: () => void; fail: () => void }[] = [];
  const ask = makeJoinWaiting<string, string>({
    work: (items) =>
      new Promise((resolve, reject) => {
        const end = () => resolve(items.map((item) => item.toUpperCase()));
        begun.push({ items, end, fail: () => reject(new Error('it failed')) });
      }),
    clash: (one, other) => one[0] === other[0],
    most,
    longestWaitMs: LONGEST_WAIT_MS,
  });
  return { ask, begun, groups: () => begun.map(({ items }) => items) };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('does at once what comes alone', async () => {
  const { ask, begun, groups } = worker();
  const answer = ask('here', 'a');
  expect(groups()).toEqual([['a']]);
  begun[0]?.end();
  expect(await answer).toBe('A');
});

it('does together what comes while other work of the place is under way, and answers each', async () => {
  const { ask, begun, groups } = worker();
  const answers = [ask('here', 'a'), ask('here', 'b'), ask('here', 'c')];
  expect(groups()).toEqual([['a']]);
  begun[0]?.end();
  await jest.advanceTimersByTimeAsync(0);
  expect(groups()).toEqual([['a'], ['b', 'c']]);
  begun[1]?.end();
  expect(await Promise.all(answers)).toEqual(['A', 'B', 'C']);
});

it('does not wait for work of another place', () => {
  const { ask, groups } = worker();
  void ask('here', 'a');
  void ask('there', 'b');
  expect(groups()).toEqual([['a'], ['b']]);
});

it('does by itself what clashes with somebody who waits', () => {
  const { ask, groups } = worker();
  for (const item of ['a', 'b1', 'b2']) void ask('here', item);
  expect(groups()).toEqual([['a'], ['b2']]);
});

it('waits for work that hangs for a little while only', () => {
  const { ask, groups } = worker();
  for (const item of ['a', 'b', 'c']) void ask('here', item);
  jest.advanceTimersByTime(LONGEST_WAIT_MS - 1);
  expect(groups()).toEqual([['a']]);
  jest.advanceTimersByTime(1);
  expect(groups()).toEqual([['a'], ['b', 'c']]);
});

it('waits no longer once there are as many as can be done together', () => {
  const { ask, groups } = worker(2);
  for (const item of ['a', 'b', 'c', 'd']) void ask('here', item);
  expect(groups()).toEqual([['a'], ['b', 'c']]);
});

it('works on behalf of the first of those who waited, not of whoever was before', async () => {
  const asking = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const { promise: held, resolve: letGo } = withResolvers();
  const ask = makeJoinWaiting<string, string>({
    work: async (items) => {
      seen.push([asking.getStore(), items]);
      await held;
      return items;
    },
    clash: () => false,
    most: 10,
    longestWaitMs: LONGEST_WAIT_MS,
  });
  const answers = ['a', 'b', 'c'].map((item) => asking.run(`who asks ${item}`, () => ask('here', item)));
  letGo();
  await Promise.all(answers);
  expect(seen).toEqual([
    ['who asks a', ['a']],
    ['who asks b', ['b', 'c']],
  ]);
});

it('tells everyone of a failure, and goes on with who waits', async () => {
  const { ask, begun, groups } = worker();
  const answers = [ask('here', 'a'), ask('here', 'b'), ask('here', 'c')];
  begun[0]?.fail();
  await expect(answers[0]).rejects.toThrow('it failed');
  begun[1]?.fail();
  expect(await Promise.allSettled(answers.slice(1))).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  void ask('here', 'd');
  expect(groups()).toEqual([['a'], ['b', 'c'], ['d']]);
});

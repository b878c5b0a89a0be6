import { inLanes } from '../../../../bench/drain/inLanes';

/** Works that end when they are told to; `begun` names those that have begun. */
function stage() {
  const begun: string[] = [];
  const ends = new Map<string, { end: () => void; fail: (error: Error) => void }>();
  const work = (name: string, weight = 1) => ({
    weight,
    work: () =>
      new Promise<void>((end, fail) => {
        begun.push(name);
        ends.set(name, { end, fail });
      }),
  });
  /** Whatever follows from it has happened after a few turns. */
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    work,
    settled,
    end: (name: string) => {
      ends.get(name)?.end();
      return settled();
    },
    fail: (name: string) => ends.get(name)?.fail(new Error(`${name} failed`)),
  };
}

it('begins in their order, as many at once as there are lanes for', async () => {
  const { begun, work, end } = stage();
  const all = inLanes(2, [work('a'), work('b'), work('c'), work('wide', 2), work('d')]);
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('c');
  expect(begun).toEqual(['a', 'b', 'c', 'wide']);
  await end('wide');
  await end('d');
  await all;
});

it('gives the machine to one that takes more lanes than there are', async () => {
  const { begun, work, end } = stage();
  const all = inLanes(1, [work('wide', 2), work('a')]);
  expect(begun).toEqual(['wide']);
  await end('wide');
  expect(begun).toEqual(['wide', 'a']);
  await end('a');
  await all;
});

it('begins nothing more once one failed, and waits for those under way', async () => {
  const { begun, work, end, fail, settled } = stage();
  let isOver = false;
  const all = inLanes(2, [work('a'), work('b'), work('c')]).finally(() => (isOver = true));
  const failed = expect(all).rejects.toThrow('a failed');
  fail('a');
  await settled();
  expect([begun, isOver]).toEqual([['a', 'b'], false]);
  await end('b');
  await failed;
});

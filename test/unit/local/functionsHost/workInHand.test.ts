import { makeWorkInHand } from '../../../../local/functionsHost/workInHand';

it('is done at once when nothing is in hand', async () => {
  await expect(makeWorkInHand().done()).resolves.toBeUndefined();
});

it('is done when the last has finished, failures and what began meanwhile included', async () => {
  const work = makeWorkInHand();
  const order: string[] = [];
  const first = work.run(async () => {
    await new Promise(setImmediate);
    void work.run(async () => {
      await new Promise(setImmediate);
      order.push('second');
    });
    order.push('first');
    throw new Error('failed');
  });
  const done = work.done().then(() => order.push('done'));
  await expect(first).rejects.toThrow('failed');
  await done;
  expect(order).toEqual(['first', 'second', 'done']);
});

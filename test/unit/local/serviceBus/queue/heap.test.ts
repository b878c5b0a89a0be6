import fc from 'fast-check';
import { createHeap } from '../../../../../local/serviceBus/queue/heap';

describe('heap', () => {
  it('pops in order whatever the order of pushing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = createHeap<number>((a, b) => a < b);
        for (const number of numbers) heap.push(number);
        const popped = numbers.map(() => heap.pop());
        expect(popped).toEqual([...numbers].sort((a, b) => a - b));
      }),
    );
  });

  it('peeks without taking', () => {
    const heap = createHeap<number>((a, b) => a < b);
    heap.push(2);
    heap.push(1);
    expect([heap.peek(), heap.peek(), heap.size]).toEqual([1, 1, 2]);
  });

  it('has nothing to give when it is empty', () => {
    const heap = createHeap<number>((a, b) => a < b);
    heap.push(1);
    heap.pop();
    expect([heap.pop(), heap.peek(), heap.size]).toEqual([undefined, undefined, 0]);
  });
});

import { createRing } from '../../../../local/graph/ring';

describe('createRing', () => {
  it('gives what was pushed, oldest first, while there is room', () => {
    const ring = createRing<number>(3);
    ring.push(1);
    ring.push(2);
    expect(ring.values()).toEqual([1, 2]);
  });

  it('keeps the newest and counts them all', () => {
    const ring = createRing<number>(3);
    for (const n of [1, 2, 3, 4, 5]) ring.push(n);
    expect(ring.values()).toEqual([3, 4, 5]);
    expect(ring.total).toBe(5);
  });
});

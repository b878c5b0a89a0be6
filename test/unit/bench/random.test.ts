import { randomOf } from '../../../bench/random';

const draw = (seed: number, count: number): number[] => {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => random());
};

describe('randomOf', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(draw(1, 100)).toEqual(draw(1, 100));
    expect(draw(1, 100)).not.toEqual(draw(2, 100));
  });

  it('spreads them evenly from 0 to below 1', () => {
    const tenths = new Array<number>(10).fill(0);
    for (const value of draw(7, 100_000)) tenths[Math.floor(value * 10)]! += 1;
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

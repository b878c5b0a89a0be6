import { defaultBehaviour, drawLatencyMs, mergeBehaviour } from '../../../../local/graph/behaviour';

describe('drawLatencyMs', () => {
  it('is the number itself when that is what was asked for', () => {
    expect(drawLatencyMs(25, () => 0.5)).toBe(25);
  });

  it('has the median and the 99th percentile that were asked for', () => {
    // A linear congruential generator, so that every run draws the same.
    let seed = 7;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    const drawn = Array.from({ length: 20_000 }, () => drawLatencyMs({ medianMs: 100, p99Ms: 900 }, random));
    drawn.sort((a, b) => a - b);
    expect(drawn[10_000]).toBeGreaterThan(95);
    expect(drawn[10_000]).toBeLessThan(105);
    expect(drawn[19_800]).toBeGreaterThan(800);
    expect(drawn[19_800]).toBeLessThan(1000);
  });

  it('is the median every time when the 99th percentile is the same', () => {
    expect(drawLatencyMs({ medianMs: 40, p99Ms: 40 }, () => 0.9)).toBeCloseTo(40);
  });
});

describe('mergeBehaviour', () => {
  it('leaves the one it was given alone', () => {
    const before = mergeBehaviour(defaultBehaviour(), { faults: [{ method: 'get', path: '/users', answer: 500 }] });
    const after = mergeBehaviour(before, {});
    after.faults.splice(0);
    expect(before.faults).toEqual([{ method: 'GET', path: '/users', answer: 500, times: 1, after: false }]);
  });
});

import { backOffMs } from '../../../../shared/domain/backOff';

describe('backOffMs', () => {
  it.each([
    [0, 5_000],
    [1, 10_000],
    [2, 20_000],
    [3, 40_000],
    [6, 320_000],
    [7, 600_000],
    [20, 600_000],
    [5_000, 600_000],
  ])('after %d waits in a row: %d ms', (waits, ms) => {
    expect(backOffMs(waits)).toBe(ms);
  });
});

import { medianOf, percentile, summaryOf } from '../../../bench/statistics';

describe('percentile', () => {
  it('draws straight between two neighbours', () => {
    expect(percentile([10, 20, 30, 40, 50], 90)).toBe(46);
    expect(percentile([40, 10, 30, 20], 50)).toBe(25);
  });

  it('sorts by size, not by text', () => {
    expect(medianOf([9, 100, 20])).toBe(20);
  });

  it('refuses to make one up where there are no values', () => {
    expect(() => percentile([], 50)).toThrow('no values');
  });
});

describe('summaryOf', () => {
  it('tells the extremes and how many there were', () => {
    expect(summaryOf([97.1, 98.4, 96])).toEqual({ median: 97.1, min: 96, max: 98.4, runs: 3 });
  });
});

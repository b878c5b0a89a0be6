import { readArguments } from '../../../bench/run';

describe('readArguments', () => {
  it('runs all at small size when nothing is asked for', () => {
    expect(readArguments([])).toEqual({ name: undefined, full: false, docs: false, seed: 1, args: [] });
  });

  it('takes name, size and seed, and leaves the rest to the benchmark', () => {
    expect(readArguments(['drain', '--workers', '4', '--full', '--seed', '7', '--known'])).toEqual({
      name: 'drain',
      full: true,
      docs: true,
      seed: 7,
      args: ['--workers', '4', '--known'],
    });
  });

  it.each([
    [['drian'], 'There is no benchmark "drian": there are drain,'],
    [['--full'], '--full goes with the name of one benchmark.'],
    [['--workers', '4'], '--workers 4 goes with the name of one benchmark: see --help.'],
    [['ingest', '--requests', '9'], 'ingest has no option --requests 9: see --help.'],
    [['drain', '--seed', 'x'], '--seed should be a whole number.'],
    [['drain', '--seed'], '--seed should be a whole number.'],
  ])('refuses %j', (words, message) => {
    expect(() => readArguments(words)).toThrow(message);
  });
});

import type { BenchResult } from '../../../bench/result';
import { numberText, ratioText, tableOf } from '../../../bench/table';

const result = (rows: BenchResult['rows']): BenchResult => ({
  name: 'drain',
  command: 'npm run bench -- drain --seed 1',
  seed: 1,
  machine: { cpu: 'any', cores: 2, memoryGiB: 24, node: 'v20.20.2', system: 'linux', load: 0.1 },
  versions: { commit: 'abc1234' },
  startedAt: '2026-11-21T08:00:00.000Z',
  seconds: 90,
  rows,
});

const cellsOf = (line: string): string[] =>
  line
    .split('│')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('tableOf', () => {
  it('shows ours, peer, limit, ratio, spread and whether the aim is met', () => {
    const table = tableOf([
      result([
        {
          what: 'pace of 4',
          ours: 97.43,
          peer: 4.9,
          limit: 100,
          unit: '%',
          ratio: 0.9743,
          min: 96.8,
          max: 98,
          runs: 3,
        },
        { what: 'wasted', ours: 1.234, unit: '%', runs: 1, aim: '≤ 1 %', met: false },
        { what: 'failed', ours: 0, unit: '', runs: 1, aim: 'none', met: true },
      ]),
    ]);
    const lines = table.split('\n').map(cellsOf);
    expect(lines).toContainEqual(['DRAIN']);
    expect(lines).toContainEqual(['pace of 4', '97.4 %', '4.9', '100', '0.974', '96.8–98 of 3', '']);
    expect(lines).toContainEqual(['wasted', '1.23 %', '', '', '', 'of 1', '✗ ≤ 1 %']);
    expect(lines).toContainEqual(['failed', '0', '', '', '', 'of 1', '✓ none']);
  });
});

describe('numberText', () => {
  it.each([
    [0, '0'],
    [0.0337, '0.0337'],
    [0.5, '0.5'],
    [4.186, '4.19'],
    [97.43, '97.4'],
    [12_345.6, '12346'],
    [Number.NaN, '–'],
  ])('shows %p as %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});

describe('ratioText', () => {
  it('shows three digits below one and two above', () => {
    expect([ratioText(0.9743), ratioText(1), ratioText(19.876)]).toEqual(['0.974', '1.00', '19.88']);
  });
});

import { compare, isBad } from '../../../bench/compare';
import type { BenchResult, BenchRow } from '../../../bench/result';

const result = (...rows: BenchRow[]): BenchResult => ({
  name: 'drain',
  command: 'npm run bench -- drain --seed 1',
  seed: 1,
  machine: { cpu: 'any', cores: 2, memoryGiB: 24, node: 'v20.20.2', system: 'linux', load: 0.1 },
  versions: { commit: 'abc1234' },
  startedAt: '2026-11-21T08:00:00.000Z',
  seconds: 90,
  rows,
});

const drain = (more: Partial<BenchRow>): BenchRow => ({
  what: 'drain',
  ours: 97,
  unit: '%',
  ratio: 0.97,
  min: 96,
  max: 98,
  runs: 3,
  ...more,
});

const typeOf = (kept: Partial<BenchRow>, today: Partial<BenchRow>) =>
  compare(result(drain(kept)), result(drain(today))).map(({ type }) => type);

describe('compare', () => {
  it('takes a fall within the spread of the kept runs for noise', () => {
    // 20 of 100: a fifth.
    expect(typeOf({ ours: 100, min: 90, max: 110, ratio: 1 }, { ratio: 0.81 })).toEqual(['same']);
    expect(typeOf({ ours: 100, min: 90, max: 110, ratio: 1 }, { ratio: 0.79 })).toEqual(['worse']);
  });

  it('goes by the wider spread of the two', () => {
    expect(typeOf({ ratio: 1 }, { ratio: 0.81, ours: 100, min: 90, max: 110 })).toEqual(['same']);
  });

  it('never takes less than 5 % for a fall', () => {
    expect(typeOf({ ratio: 1, min: 97, max: 97 }, { ratio: 0.951, min: 97, max: 97 })).toEqual(['same']);
    expect(typeOf({ ratio: 1, min: 97, max: 97 }, { ratio: 0.949, min: 97, max: 97 })).toEqual(['worse']);
  });

  it('knows which way is better', () => {
    expect(typeOf({ ratio: 1, better: 'lower' }, { ratio: 1.2 })).toEqual(['worse']);
    expect(typeOf({ ratio: 1, better: 'lower' }, { ratio: 0.8 })).toEqual(['better']);
    expect(typeOf({ ratio: 1 }, { ratio: 1.2 })).toEqual(['better']);
  });

  it('compares no times: without a ratio there is nothing to compare', () => {
    const time: BenchRow = { what: 'a tick', ours: 30, unit: 'ms', runs: 3 };
    expect(compare(result(time), result({ ...time, ours: 300 }))).toEqual([]);
  });

  it('tells that an aim is missed that was met, and never the other way round', () => {
    expect(typeOf({ met: true }, { met: false, aim: '≥ 97 %', ratio: 0.96 })).toEqual(['same', 'missed']);
    expect(typeOf({ met: false }, { met: true })).toEqual(['same']);
  });

  it('tells what is gone and what is new', () => {
    const findings = compare(result(drain({})), result(drain({ what: 'another' })));
    expect(findings.map(({ what, type }) => [what, type])).toEqual([
      ['drain', 'gone'],
      ['another', 'new'],
    ]);
    const { ratio, ...without } = drain({});
    expect(ratio).toBe(0.97);
    expect(compare(result(drain({})), result(without)).map(({ type }) => type)).toEqual(['gone']);
  });

  it('says both figures and the spread', () => {
    const [finding] = compare(result(drain({ ratio: 1 })), result(drain({ ratio: 0.8 })));
    expect(finding?.text).toBe('ratio 1.00 → 0.800 (-20 %, its runs spread over 5 %)');
  });
});

describe('isBad', () => {
  it.each([
    ['same', false],
    ['better', false],
    ['new', false],
    ['worse', true],
    ['missed', true],
    ['gone', true],
  ] as const)('of %s is %s', (type, bad) => {
    expect(isBad({ what: 'drain', type, text: '' })).toBe(bad);
  });
});

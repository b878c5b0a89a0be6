import { readExperiment } from '../../../../bench/drain/options';

describe('readExperiment', () => {
  it('is the benchmark itself when nothing is asked for', () => {
    expect(readExperiment([], 1)).toBeUndefined();
  });

  it('has the limit known, four workers and a limit as in the issue unless told', () => {
    expect(readExperiment(['--known'], 7)).toEqual({
      setup: {
        seed: 7,
        workers: 4,
        invitations: 1200,
        limit: { perSecond: 40, burst: 200 },
        bucket: 'drain',
        hasOtherApp: false,
        saysRetryAfter: true,
        perSecond: '40',
        settings: {},
      },
      isLearned: false,
      runs: 1,
      json: undefined,
    });
  });

  it('lets five seconds of the limit through at once, as Graph does, unless told', () => {
    expect(readExperiment(['--rate', '30'], 1)?.setup.limit).toEqual({ perSecond: 30, burst: 150 });
    expect(readExperiment(['--rate', '30', '--burst', '60'], 1)?.setup.limit).toEqual({ perSecond: 30, burst: 60 });
  });

  it('takes a pace, settings and circumstances', () => {
    const words =
      '--known 30 --workers 16 --n 600 --free --other-app --silent --concurrency 64 --set SEND_LEASE=PT1M --set A=b=c --json x.json';
    expect(readExperiment(words.split(' '), 1)).toMatchObject({
      setup: {
        perSecond: '30',
        workers: 16,
        invitations: 600,
        bucket: 'free',
        hasOtherApp: true,
        saysRetryAfter: false,
        concurrency: 64,
        settings: { SEND_LEASE: 'PT1M', A: 'b=c' },
      },
      json: 'x.json',
    });
  });

  it('runs twice where the limit has to be learned', () => {
    expect(readExperiment(['--unknown'], 1)).toMatchObject({ setup: { perSecond: 'auto' }, isLearned: true });
  });

  it.each([
    [['--workers', '0'], '--workers is "0": it should be a number above 0.'],
    [['--n', 'many'], '--n is "many": it should be a number above 0.'],
    [['--set', 'SEND_LEASE'], '--set is "SEND_LEASE": it should be NAME=VALUE.'],
    [['--wrokers', '4'], "Unknown option '--wrokers'"],
  ])('refuses %j', (words, message) => {
    expect(() => readExperiment(words, 1)).toThrow(message);
  });
});

import { type Call, drainedOf, reachedPercent, secondsOf } from '../../../../bench/drain/drained';

const limit = { perSecond: 1, burst: 2 };
const call = (email: string, status: number, decidedMs: number): Call => ({ email, status, decidedMs });

describe('drainedOf', () => {
  it('compares the last acceptance with the earliest that the limit allows', () => {
    const calls = [call('a', 201, 100), call('b', 201, 200), call('c', 201, 1500), call('d', 201, 2500)];
    expect(drainedOf(calls, 4, limit)).toEqual({
      invitations: 4,
      reached: 4,
      lost: 0,
      doubled: 0,
      refused: 0,
      forced: 0,
      idealMs: 2000,
      lastMs: 2500,
      drainPercent: 80,
      wastedPercent: 0,
    });
  });

  it('counts refused calls as wasted, and forced 503s not', () => {
    const calls = [call('a', 429, 0), call('a', 503, 1000), call('a', 429, 1500), call('a', 201, 2000)];
    expect(drainedOf(calls, 4, limit)).toMatchObject({ refused: 2, forced: 1, wastedPercent: 50 });
  });

  it('does not wait for an invitation whose call met a 503, but for it to get through', () => {
    const calls = [call('a', 201, 100), call('b', 201, 200), call('c', 503, 900), call('d', 201, 2500)];
    expect(drainedOf([...calls, call('c', 201, 9000)], 4, limit)).toMatchObject({
      lastMs: 2500,
      drainPercent: 80,
      lost: 0,
    });
    expect(drainedOf(calls, 4, limit)).toMatchObject({ lastMs: undefined, drainPercent: undefined, lost: 1 });
  });

  it('takes the first acceptance of who was invited twice, and tells that somebody was', () => {
    const calls = [call('a', 201, 100), call('b', 201, 2500), call('c', 201, 2000), call('a', 201, 9000)];
    expect(drainedOf(calls, 3, limit)).toMatchObject({ reached: 3, doubled: 1, lastMs: 2500, drainPercent: 40 });
  });

  it('goes by what another app left', () => {
    const calls = [call('a', 201, 100), call('b', 201, 200), call('c', 201, 2500)];
    expect(drainedOf(calls, 3, limit, [{ fromMs: 0, perSecond: 0.5 }])).toMatchObject({
      idealMs: 2000,
      drainPercent: 80,
    });
  });
});

describe('reachedPercent', () => {
  it('tells how many had got through by a time, each once', () => {
    const calls = [call('a', 201, 100), call('a', 201, 200), call('b', 429, 200), call('b', 201, 301)];
    expect([reachedPercent(calls, 4, 300), reachedPercent(calls, 4, 301)]).toEqual([25, 50]);
  });
});

describe('secondsOf', () => {
  it('has every second up to the last, by what was decided in it', () => {
    const calls = [call('a', 201, 2999), call('b', 429, 0), call('c', 503, 2000), call('d', 400, 2000)];
    expect(secondsOf(calls)).toEqual([
      { second: 0, accepted: 0, refused: 1, forced: 0 },
      { second: 1, accepted: 0, refused: 0, forced: 0 },
      { second: 2, accepted: 1, refused: 0, forced: 1 },
    ]);
  });
});

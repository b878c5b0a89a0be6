import { idealMs } from '../../../../bench/drain/limit';

const limit = { perSecond: 40, burst: 200 };

describe('idealMs', () => {
  it('needs no time for what the bucket holds at first', () => {
    expect(idealMs(200, limit)).toBe(0);
  });

  it('waits for the refill of all others', () => {
    expect(idealMs(5000, limit)).toBe(120_000);
  });

  it('waits longer while another app takes half of it', () => {
    const others = [
      { fromMs: 40_000, perSecond: 20 },
      { fromMs: 80_000, perSecond: 0 },
    ];
    // 200 + 1,600 by 40 s, 800 by 80 s, and 2,400 at 40 a second.
    expect(idealMs(5000, limit, others)).toBe(140_000);
  });

  it('knows nothing of an app that comes when all is over', () => {
    expect(idealMs(400, limit, [{ fromMs: 6000, perSecond: 40 }])).toBe(5000);
  });

  it('never ends where others take all there is', () => {
    expect(idealMs(400, limit, [{ fromMs: 0, perSecond: 40 }])).toBe(Infinity);
  });
});

import { type EvenPace, mostHints, sendEvenly, sendingMs } from '../../../../shared/queue/sendEvenly';

const NOW = '2026-03-02T09:00:00.000Z';

interface Sent {
  atMs: number;
  count: number;
  now: string;
}

/** A broker that takes so long for the nth batch, or does not take it; time passes by sleeping and sending alone. */
function sending(tookMs: (nth: number) => number = () => 0, isTaken: (nth: number) => boolean = () => true) {
  let ms = 0;
  const sent: Sent[] = [];
  const run = (count: number, pace: Partial<EvenPace> = {}) =>
    sendEvenly(
      Array.from({ length: count }, (_, nth) => nth),
      'tick',
      (batch, _by, now) => {
        sent.push({ atMs: ms, count: batch.length, now });
        ms += tookMs(sent.length - 1);
        return Promise.resolve(isTaken(sent.length - 1));
      },
      {
        perSecond: 300,
        untilMs: 48_000,
        monotonicMs: () => ms,
        now: () => new Date(Date.parse(NOW) + ms).toISOString(),
        sleep: (forMs) => Promise.resolve(void (ms += forMs)),
        ...pace,
      },
    );
  return { run, sent, atMs: () => sent.map(({ atMs }) => atMs) };
}

/** Of any second, a broken one as well. */
const mostInASecond = (sent: Sent[]): number =>
  Math.max(
    ...sent.map(({ atMs: from }) =>
      sent.filter(({ atMs }) => atMs >= from && atMs < from + 1000).reduce((sum, { count }) => sum + count, 0),
    ),
  );

describe('sendEvenly', () => {
  it('sends a hundred at once, and at that pace the rest', async () => {
    const { run, sent, atMs } = sending(() => 20);
    expect(await run(450)).toBe(450);
    expect(sent.map(({ count }) => count)).toEqual([100, 100, 100, 100, 50]);
    expect(atMs()).toEqual([0, 334, 668, 1002, 1336]);
    expect(mostInASecond(sent)).toBe(300);
  });

  it('goes by its own pace a second, and tells each batch the time that it is then', async () => {
    const { run, atMs, sent } = sending();
    await run(300, { perSecond: 100 });
    expect(atMs()).toEqual([0, 1000, 2000]);
    expect(sent[2]?.now).toBe('2026-03-02T09:00:02.000Z');
  });

  it('does not make up for a batch that took long by sending the next ones together', async () => {
    const { run, sent, atMs } = sending((nth) => (nth === 0 ? 5000 : 20));
    await run(1000);
    expect(atMs().slice(0, 3)).toEqual([0, 5000, 5334]);
    expect(mostInASecond(sent)).toBe(300);
  });

  it('stops at a batch that does not get through, and says how many did', async () => {
    const { run, sent } = sending(undefined, (nth) => nth !== 2);
    expect(await run(1000)).toBe(200);
    expect(sent).toHaveLength(3);
  });

  it('stops when its time is up, but for the first', async () => {
    const slow = sending(() => 7000);
    expect(await slow.run(1000, { untilMs: 20_000 })).toBe(300);
    expect(slow.atMs()).toEqual([0, 7000, 14_000]);
    expect(await sending().run(1000, { untilMs: -1 })).toBe(100);
  });

  it('sends nothing where there is nothing, and waits for nothing where there are few', async () => {
    const { run, sent } = sending();
    const sleep = () => Promise.reject(new Error('waited'));
    expect(await run(0, { sleep })).toBe(0);
    expect(sent).toEqual([]);
    expect(await run(100, { sleep })).toBe(100);
  });
});

describe('the time that a tick has for its hints', () => {
  // A minute, ten seconds, and 59 minutes, where it's the function that ends after five.
  it.each([
    [60_000, 48_000, 14_400],
    [10_000, 8_000, 2_400],
    [3_540_000, 240_000, 72_000],
  ])('of %i ms is over before the next and before the function is ended', (tickMs, ms, hints) => {
    expect(sendingMs(tickMs)).toBe(ms);
    expect(mostHints(300, tickMs)).toBe(hints);
  });
});

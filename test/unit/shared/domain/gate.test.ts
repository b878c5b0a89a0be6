import fc from 'fast-check';
import {
  type GateState,
  type Leased,
  closeGate,
  freshGate,
  isBusy,
  leasePlaces,
  leaseTokens,
  observe,
  paceAt,
  throttle,
} from '../../../../shared/domain/gate';
import type { GatePace } from '../../../../shared/domain/graphBucket';
import { addMs, toMs } from '../../../../shared/domain/time';
import { retryAfterMs } from '../../../../shared/graph/retryAfter';

const NOW = '2026-03-02T09:00:00.000Z';
const pace: GatePace = { perSecond: 25, burstMs: 5_000 };
const unknown: GatePace = { perSecond: 1_000, startPerSecond: 25, burstMs: 5_000 };
const fresh = freshGate(NOW, pace);

const seconds = (count: number): string => addMs(NOW, count * 1_000);
const withLevel = (level: number): GateState => ({ ...fresh, bucket: { ...fresh.bucket, level } });

function leased(result: Leased) {
  if (result.type !== 'leased') throw new Error(`Not yet: ${result.until}`);
  return result;
}

const refused = (retryAfter: number | undefined, beganAt = NOW) => ({
  beganAt,
  retryAfterMs: retryAfter,
  why: 'TooManyRequests',
});

describe('a fresh gate', () => {
  it('is open with a full bucket, nine tenths of what Graph takes at once, and nothing given away', () => {
    expect(fresh).toEqual({
      bucket: {
        rate: 25,
        measuredBy: 0,
        foundRate: 25,
        usualRate: 25,
        level: 112.5,
        levelAt: NOW,
        saved: 0,
        granted: 0,
        countedSince: NOW,
        isFromFull: true,
        raisedAt: NOW,
        raiseBy: 0.04,
        quietMs: 5_000,
        usualQuietMs: 45_000,
        refusedAt: '1970-01-01T00:00:00.000Z',
      },
      silentRefusals: 0,
      closedUntil: NOW,
      closedWhy: '',
      lineEndsAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it('begins with the guess where the limit is not known', () => {
    expect(freshGate(NOW, unknown).bucket).toMatchObject({ rate: 25, level: 112.5 });
  });

  it('holds one token at the least', () => {
    expect(freshGate(NOW, { perSecond: 0.01, burstMs: 5_000 }).bucket.level).toBe(1);
  });
});

describe('leaseTokens', () => {
  it('gives as many as are wanted, all at once while the bucket holds them', () => {
    const { tokens, state } = leased(leaseTokens(fresh, 64, NOW, pace));
    expect(tokens).toMatchObject({ count: 64, ready: 64 });
    expect(state.bucket).toMatchObject({ level: 48.5, granted: 64 });
  });

  it('gives those of the next 60 ms too, one after the other', () => {
    const { tokens, state } = leased(leaseTokens(withLevel(3.5), 64, NOW, pace));
    expect(tokens).toMatchObject({ count: 4, ready: 3 });
    // Half a token is missing at 24.95 a second: Graph's 25 without a five-hundredth.
    expect(tokens.nextInMs).toBeCloseTo(20.04, 2);
    expect(tokens.gapMs).toBeCloseTo(40.08, 2);
    expect(state.bucket.level).toBe(-0.5);
  });

  it('says when there is one again', () => {
    // 1.497 of the next 60 ms are given away already, so 1.003 are missing.
    expect(leaseTokens(withLevel(-1.5), 1, NOW, pace)).toEqual({ type: 'notYet', until: '2026-03-02T09:00:00.041Z' });
    expect(leased(leaseTokens(withLevel(-1.5), 9, '2026-03-02T09:00:00.041Z', pace)).tokens.count).toBe(1);
  });

  it('keeps to its margin below the limit, over any time', () => {
    let { state } = leased(leaseTokens(fresh, 100, NOW, pace));
    let given = 0;
    for (let ms = 10; ms <= 60_000; ms += 10) {
      const result = leaseTokens(state, 64, addMs(NOW, ms), pace);
      if (result.type === 'notYet') continue;
      given += result.tokens.count;
      ({ state } = result);
    }
    // 12.5 that were left, 60 s × 24.95, and 1.497 ahead.
    expect(given).toBe(1_510);
  });

  it('fills up meanwhile, and no further than full', () => {
    expect(leased(leaseTokens(withLevel(0), 1, seconds(2), pace)).state.bucket.level).toBe(48.9);
    expect(leased(leaseTokens(withLevel(0), 1, seconds(3_600), pace)).state.bucket.level).toBe(111.5);
  });

  it('gives nothing while it is closed, and all that came in from then on', () => {
    const closed = { ...fresh, closedUntil: '2026-03-02T09:00:30.000Z' };
    expect(leaseTokens(closed, 1, '2026-03-02T09:00:29.999Z', pace)).toEqual({
      type: 'notYet',
      until: '2026-03-02T09:00:30.000Z',
    });
    expect(leased(leaseTokens(closed, 200, '2026-03-02T09:00:30.000Z', pace)).tokens.ready).toBe(112);
  });

  it('gives one token at a time where the pace is slow', () => {
    const slow = { perSecond: 0.25, burstMs: 4_000 };
    const first = leased(leaseTokens(freshGate(NOW, slow), 10, NOW, slow));
    expect(first.tokens).toMatchObject({ count: 1, ready: 1 });
    // 0.015 of a token may be ahead: 0.985 at 0.2495 a second.
    expect(leaseTokens(first.state, 10, NOW, slow)).toEqual({ type: 'notYet', until: '2026-03-02T09:00:03.949Z' });
  });

  it('lets an instance whose clock is behind take what is there, and fills nothing twice', () => {
    const ahead = leased(leaseTokens(withLevel(0), 10, seconds(1), pace)).state;
    expect(leased(leaseTokens(ahead, 10, seconds(0.3), pace)).state.bucket).toMatchObject({
      level: expect.closeTo(4.95, 9) as number,
      levelAt: seconds(1),
    });
  });

  it('does not wait for the time when it last gave some where the clock was set back since', () => {
    const { state } = leased(leaseTokens(withLevel(0), 200, seconds(3_600), pace));
    const empty = { ...state, bucket: { ...state.bucket, level: -1.4 } };
    // By less than clocks differ it is another instance's clock.
    expect(leaseTokens(empty, 1, seconds(3_598), pace)).toEqual({ type: 'notYet', until: seconds(3_600.037) });
    expect(leaseTokens(empty, 1, seconds(3_597.999), pace)).toEqual({ type: 'notYet', until: seconds(3_598.036) });
    expect(leaseTokens(empty, 1, NOW, pace)).toEqual({ type: 'notYet', until: seconds(0.037) });
  });
});

describe('isBusy', () => {
  it.each([
    ['the bucket is full', fresh, NOW, false],
    ['half of it is left', withLevel(56.25), NOW, true],
    ['more than half of it is left', withLevel(56.3), NOW, false],
    ['it filled since', withLevel(0), seconds(3), false],
    ['it is closed', { ...fresh, closedUntil: seconds(10) }, NOW, true],
    ['it was closed', { ...fresh, closedUntil: seconds(10) }, seconds(10), false],
  ])('when %s: %#', (_what, state, now, expected) => {
    expect(isBusy(state, now, pace)).toBe(expected);
  });
});

describe('leasePlaces', () => {
  it('gives places at once for what Graph takes after a pause, then a little faster than the pace', () => {
    const { from, gapMs, state } = leasePlaces(fresh, 100, NOW, pace);
    expect(from).toBe('2026-03-02T08:59:55.000Z');
    expect(gapMs).toBeCloseTo(36.4, 1);
    expect(state.lineEndsAt).toBe('2026-03-02T08:59:58.637Z');
    expect(leasePlaces(state, 1, NOW, pace).from).toBe('2026-03-02T08:59:58.637Z');
  });

  it('of a limit that is not known come twice as fast as is believed', () => {
    expect(leasePlaces(freshGate(NOW, unknown), 1, NOW, unknown).gapMs).toBe(20);
  });

  it('of one that was learned come a quarter faster: who comes much too early is looked up before those whose turn it is', () => {
    const gate = freshGate(NOW, unknown);
    const learned = { ...gate, bucket: { ...gate.bucket, rate: 40, usualRate: 40 } };
    expect(leasePlaces(learned, 1, NOW, unknown).gapMs).toBe(20);
  });

  it('come that fast while somebody else takes a part as well: that may be given back any time', () => {
    const gate = freshGate(NOW, unknown);
    const part = { ...gate, bucket: { ...gate.bucket, rate: 10, usualRate: 40 } };
    expect(leasePlaces(part, 1, NOW, unknown).gapMs).toBe(20);
  });

  it('come faster than that where more was found than is usual', () => {
    const gate = freshGate(NOW, unknown);
    const more = { ...gate, bucket: { ...gate.bucket, rate: 80, usualRate: 40 } };
    expect(leasePlaces(more, 1, NOW, unknown).gapMs).toBe(10);
  });

  it('never come faster than the most that is tried', () => {
    const most = { ...unknown, perSecond: 40 };
    expect(leasePlaces(freshGate(NOW, most), 1, NOW, most).gapMs).toBe(25);
  });
});

describe('closeGate', () => {
  it('closes for everyone, and says why', () => {
    expect(closeGate(fresh, '2026-03-02T09:01:00.000Z', 'noToken')).toEqual({
      ...fresh,
      closedUntil: '2026-03-02T09:01:00.000Z',
      closedWhy: 'noToken',
    });
  });

  it('never opens earlier than it would have', () => {
    const closed = closeGate(fresh, '2026-03-02T09:01:00.000Z', 'noToken');
    expect(closeGate(closed, '2026-03-02T09:00:10.000Z', 'TooManyRequests')).toMatchObject({
      closedUntil: '2026-03-02T09:01:00.000Z',
      closedWhy: 'TooManyRequests',
    });
  });
});

describe('a 429', () => {
  it.each([
    ['whole seconds', '7', '2026-03-02T09:00:07.000Z'],
    ['decimals', '2.5', '2026-03-02T09:00:02.500Z'],
    ['zero', '0', '2026-03-02T09:00:00.000Z'],
    ['an HTTP date', 'Mon, 02 Mar 2026 09:00:42 GMT', '2026-03-02T09:00:42.000Z'],
    ['an HTTP date that has passed', 'Mon, 02 Mar 2026 08:00:00 GMT', '2026-03-02T09:00:00.000Z'],
    ['ten minutes', '600', '2026-03-02T09:10:00.000Z'],
    ['thirty years, capped at an hour', '1000000000', '2026-03-02T10:00:00.000Z'],
    ['none: a second', null, '2026-03-02T09:00:01.000Z'],
    ['nonsense, as none', 'soon', '2026-03-02T09:00:01.000Z'],
    ['a negative number, as none', '-5', '2026-03-02T09:00:01.000Z'],
    ['nothing but space, as none', ' ', '2026-03-02T09:00:01.000Z'],
  ])('with Retry-After of %s opens again at the right time', (_what, header, until) => {
    const waitMs = retryAfterMs(header, 'Mon, 02 Mar 2026 09:00:00 GMT');
    expect(throttle(fresh, refused(waitMs), NOW, pace)).toMatchObject({
      closedUntil: until,
      closedWhy: 'TooManyRequests',
    });
  });

  it('waits twice as long with each silent refusal in a row, a minute at most', () => {
    const waits: number[] = [];
    let state = fresh;
    let now = NOW;
    for (let index = 0; index < 9; index += 1) {
      state = throttle(state, refused(undefined, now), now, pace);
      waits.push(toMs(state.closedUntil) - toMs(now));
      now = addMs(state.closedUntil, 1);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('with Retry-After does not count as silent', () => {
    expect(throttle(fresh, refused(1_000), NOW, pace).silentRefusals).toBe(0);
    expect(throttle(fresh, refused(undefined), NOW, pace).silentRefusals).toBe(1);
  });

  it('of one storm counts once, and closes for the longest wait that it names', () => {
    let state = throttle(fresh, refused(5_000), seconds(1), pace);
    for (const retryAfter of [2_000, undefined, 9_000, 1_000]) {
      // These calls had begun before the first of them came back.
      state = throttle(state, refused(retryAfter, seconds(0.5)), seconds(1.2), pace);
    }
    expect(state).toMatchObject({
      bucket: { rate: 20, refusedAt: '2026-03-02T09:00:01.000Z', storm: { refusals: 5 } },
      silentRefusals: 0,
      closedUntil: '2026-03-02T09:00:10.200Z',
    });
  });

  it('of one storm are those too that another instance began before it knew that the gate is closed', () => {
    const once = throttle(fresh, refused(2_000), NOW, pace);
    const again = throttle(once, refused(2_000, seconds(0.2)), seconds(0.5), pace);
    expect(again.bucket).toMatchObject({ rate: 20, refusedAt: NOW, storm: { refusals: 2 } });
  });

  it('of a call that began after the gate opened again begins a new storm', () => {
    const once = throttle(fresh, refused(1_000), NOW, pace);
    const again = throttle(once, refused(1_000, seconds(1)), seconds(1.3), pace);
    expect(again.bucket).toMatchObject({ rate: 16, refusedAt: seconds(1.3), storm: { refusals: 1 } });
  });

  it('that comes in while the gate is closed for something else leaves the rate as it was learned since', () => {
    const storm = throttle(fresh, refused(1_000), NOW, pace);
    const recovered = { ...storm, bucket: { ...storm.bucket, rate: 24 } };
    const closed = closeGate(recovered, seconds(700), 'Forbidden');
    // It began right before, and is refused right after.
    const late = throttle(closed, refused(1_000, seconds(600)), seconds(600.5), pace);
    expect(late.bucket.rate).toBe(24);
  });
});

describe('a good answer', () => {
  const answered = (throttlePercentage: number | undefined, beganAt = NOW) => ({ beganAt, throttlePercentage });

  it.each([undefined, 0.1, 0.8, 1])('changes nothing with x-ms-throttle-limit-percentage %p', (percentage) => {
    expect(observe(fresh, answered(percentage), NOW, pace)).toBe(fresh);
  });

  it.each([
    [1.25, 20],
    [1.6, 15.625],
    [1.8, 13.89],
    [7, 12.5],
  ])('slows the rate down where Graph sees %d of its limit used, to %d', (percentage, expected) => {
    const seen = observe(fresh, answered(percentage), NOW, pace);
    expect(seen.bucket.rate).toBeCloseTo(expected, 2);
    expect(seen).toMatchObject({ bucket: { refusedAt: NOW, saved: 0 }, closedUntil: NOW });
  });

  it('to a call from before the rate was slowed down tells nothing', () => {
    const slowed = observe(fresh, answered(1.25), seconds(1), pace);
    expect(observe(slowed, answered(1.25, seconds(0.9)), seconds(2), pace)).toBe(slowed);
    expect(observe(slowed, answered(1.25, seconds(1.1)), seconds(2), pace).bucket.rate).toBe(16);
  });

  it('ends a row of silent refusals', () => {
    const silent = throttle(fresh, refused(undefined), NOW, pace);
    expect(observe(silent, answered(undefined, seconds(2)), seconds(3), pace)).toEqual({
      ...silent,
      silentRefusals: 0,
    });
  });

  it('to a call from before the last refusal tells nothing', () => {
    const lowered = throttle(fresh, refused(undefined), seconds(1), pace);
    expect(observe(lowered, answered(1.8, seconds(1)), seconds(2), pace)).toBe(lowered);
  });

  it('with a warning ends the storm: a refusal from before it does not bring back an old rate', () => {
    const storm = throttle(fresh, refused(1_000), NOW, pace);
    const warned = observe(storm, answered(2, seconds(2)), seconds(3), pace);
    expect(warned.bucket.rate).toBe(10);
    expect(throttle(warned, refused(1_000, seconds(2)), seconds(3.1), pace).bucket.rate).toBe(10);
  });
});

describe('whatever happens, all instances together', () => {
  const paces = fc.record({
    perSecond: fc.constantFrom(0.5, 1, 7, 25, 400),
    burstMs: fc.constantFrom(500, 1_000, 5_000, 60_000),
  });
  const leases = fc.array(
    fc.record({
      waitMs: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 10_000 })),
      /** How far this instance's clock is behind the one that is furthest ahead. */
      behindMs: fc.constantFrom(0, 0, 1, 250, 999),
      wanted: fc.integer({ min: 1, max: 300 }),
    }),
    { minLength: 1, maxLength: 40 },
  );

  it('are never given more than the bucket holds, fills by, and is ahead, in any interval', () => {
    let given = 0;
    fc.assert(
      fc.property(leases, paces, (made, chosen) => {
        const full = Math.max(1, chosen.perSecond * 0.9 * (chosen.burstMs / 1_000));
        const ahead = chosen.perSecond * 0.1;
        let state = freshGate(NOW, chosen);
        let time = 0;
        const all: { time: number; count: number }[] = [];
        for (const { waitMs, behindMs, wanted } of made) {
          time += waitMs;
          const result = leaseTokens(state, wanted, addMs(NOW, time - behindMs), chosen);
          if (result.type === 'notYet') continue;
          expect(result.tokens.count).toBeLessThanOrEqual(wanted);
          all.push({ time, count: result.tokens.count });
          ({ state } = result);
        }
        const furthestBehind = Math.max(...made.map(({ behindMs }) => behindMs));
        const tooMany = all.filter(({ time: begin }, first) => {
          let sum = 0;
          return all.slice(first).some(({ time: end, count }) => {
            sum += count;
            const cameIn = (chosen.perSecond * (end - begin + furthestBehind)) / 1_000;
            return sum > full + cameIn + ahead + 1e-6;
          });
        });
        expect(tooMany).toEqual([]);
        given += all.reduce((sum, { count }) => sum + count, 0);
      }),
      { numRuns: 400, seed: 20_260_302 },
    );
    expect(given).toBeGreaterThan(10_000);
  });

  it('spend each token no earlier than it came in', () => {
    fc.assert(
      fc.property(leases, paces, (made, chosen) => {
        const full = Math.max(1, chosen.perSecond * 0.9 * (chosen.burstMs / 1_000));
        let state = freshGate(NOW, chosen);
        let time = 0;
        let latestMs = 0;
        const spentAt: number[] = [];
        for (const { waitMs, wanted } of made) {
          time += waitMs;
          const result = leaseTokens(state, wanted, addMs(NOW, time), chosen);
          if (result.type === 'notYet') continue;
          const { count, ready, nextInMs, gapMs } = result.tokens;
          for (let index = 0; index < count; index += 1) {
            spentAt.push(index < ready ? time : time + nextInMs + (index - ready) * gapMs);
          }
          latestMs = Math.max(latestMs, (spentAt.at(-1) ?? time) - time);
          ({ state } = result);
        }
        expect(spentAt.filter((atMs, index) => index + 1 > full + (chosen.perSecond * atMs) / 1_000 + 1e-6)).toEqual(
          [],
        );
        expect(latestMs).toBeLessThanOrEqual(100 + 1e-6);
      }),
      { numRuns: 200, seed: 20_260_302 },
    );
  });

  it('find one token at the time that they were told, if nobody else was there', () => {
    fc.assert(
      fc.property(leases, paces, (made, chosen) => {
        let state = freshGate(NOW, chosen);
        let now = NOW;
        for (const { waitMs, wanted } of made) {
          now = addMs(now, waitMs);
          const result = leaseTokens(state, wanted, now, chosen);
          if (result.type === 'notYet') {
            expect(result.until > now).toBe(true);
            now = result.until;
          }
          ({ state } = leased(result.type === 'leased' ? result : leaseTokens(state, 1, now, chosen)));
        }
      }),
      { numRuns: 200, seed: 20_260_302 },
    );
  });

  const moves = fc.array(
    fc.record({
      waitMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 30_000 })),
      what: fc.constantFrom('lease', 'lease', 'lease', 'lease', 'refused', 'late', 'answered', 'close'),
      retryAfter: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }),
      percentage: fc.double({ min: 0, max: 9, noNaN: true }),
      wanted: fc.integer({ min: 1, max: 300 }),
    }),
    { minLength: 1, maxLength: 60 },
  );

  it.each([
    ['known', pace, 0.5, 25],
    ['not known', unknown, 0.5, 1_000],
  ])(
    'keep a closed gate closed, and the rate between a fiftieth and the most, with a limit that is %s',
    (_what, chosen, least, most) => {
      fc.assert(
        fc.property(moves, (made) => {
          let state = freshGate(NOW, chosen);
          let now = NOW;
          for (const { waitMs, what, retryAfter, percentage, wanted } of made) {
            now = addMs(now, waitMs);
            const { closedUntil } = state;
            if (what === 'refused') state = throttle(state, refused(retryAfter, now), now, chosen);
            if (what === 'late') state = throttle(state, refused(retryAfter, addMs(now, -9_000)), now, chosen);
            if (what === 'answered') {
              state = observe(state, { beganAt: now, throttlePercentage: percentage }, now, chosen);
            }
            if (what === 'close') state = closeGate(state, addMs(now, retryAfter ?? 0), 'Forbidden');
            const result = leaseTokens(state, wanted, now, chosen);
            if (what === 'lease' && result.type === 'leased') ({ state } = result);
            const { rate } = state.bucket;
            expect({
              opensEarlier: state.closedUntil < closedUntil,
              givesWhileClosed: result.type === 'leased' && state.closedUntil > now,
              isTooSlow: rate < least,
              isTooFast: rate > most || paceAt(state, now, chosen) > most,
            }).toEqual({ opensEarlier: false, givesWhileClosed: false, isTooSlow: false, isTooFast: false });
          }
        }),
        { numRuns: 300, seed: 20_260_302 },
      );
    },
  );
});

describe('a limit that was changed since the gate was stored', () => {
  const stored = freshGate(NOW, { perSecond: 40, burstMs: 5_000 });

  it('is kept to at once where it was lowered', () => {
    const lowered = { perSecond: 10, burstMs: 5_000 };
    expect(paceAt(stored, seconds(1), lowered)).toBeCloseTo(9.98, 9);
    expect(leased(leaseTokens(stored, 500, seconds(1), lowered)).tokens.count).toBeLessThanOrEqual(46);
  });

  it('is what is usual where it was raised: the rate goes there soon, in growing steps', () => {
    const raised = { perSecond: 80, burstMs: 5_000 };
    const busy = { ...stored, bucket: { ...stored.bucket, level: 0 } };
    expect(leased(leaseTokens(busy, 1, seconds(1), raised)).state.bucket.usualRate).toBe(80);
  });
});

import fc from 'fast-check';
import {
  type GatePace,
  type GateState,
  type Leased,
  closeGate,
  freshGate,
  leaseBlock,
  observe,
  paceAt,
  throttle,
} from '../../../../shared/domain/gate';
import { addMs, toMs } from '../../../../shared/domain/time';
import { retryAfterMs } from '../../../../shared/graph/retryAfter';

const NOW = '2026-03-02T09:00:00.000Z';
const pace: GatePace = { perSecond: 25, blockMs: 1_000 };
const fresh = freshGate(NOW, pace);

const seconds = (count: number): string => addMs(NOW, count * 1_000);

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
  it('is open at full pace, with nothing given away', () => {
    expect(fresh).toEqual({
      pace: 25,
      paceSince: NOW,
      loweredAt: '1970-01-01T00:00:00.000Z',
      silentRefusals: 0,
      nextBlockAt: NOW,
      closedUntil: NOW,
      closedWhy: '',
    });
  });
});

describe('leaseBlock', () => {
  it('gives a second’s worth of tokens, and the next block after it', () => {
    const first = leased(leaseBlock(fresh, NOW, pace));
    expect(first.block).toEqual({ from: NOW, until: '2026-03-02T09:00:01.000Z', tokens: 25 });
    expect(leased(leaseBlock(first.state, NOW, pace)).block).toEqual({
      from: '2026-03-02T09:00:01.000Z',
      until: '2026-03-02T09:00:02.000Z',
      tokens: 25,
    });
  });

  it('gives no tokens for time that has passed unused', () => {
    const old = { ...fresh, nextBlockAt: '2026-03-02T08:00:00.000Z' };
    expect(leased(leaseBlock(old, NOW, pace)).block.from).toBe(NOW);
  });

  it('starts no block further ahead than five seconds', () => {
    expect(leaseBlock({ ...fresh, nextBlockAt: '2026-03-02T09:00:05.000Z' }, NOW, pace).type).toBe('leased');
    expect(leaseBlock({ ...fresh, nextBlockAt: '2026-03-02T09:00:05.001Z' }, NOW, pace)).toEqual({
      type: 'notYet',
      until: '2026-03-02T09:00:05.001Z',
    });
  });

  it('begins now when the next block lies further ahead than any can, because the clock was set back', () => {
    expect(leaseBlock({ ...fresh, nextBlockAt: '2026-03-02T09:00:07.000Z' }, NOW, pace).type).toBe('notYet');
    const setBack = { ...fresh, nextBlockAt: '2026-03-02T09:00:07.001Z' };
    expect(leased(leaseBlock(setBack, NOW, pace)).block.from).toBe(NOW);
  });

  it('gives nothing while it is closed, and everything again from then on', () => {
    const closed = { ...fresh, closedUntil: '2026-03-02T09:00:30.000Z' };
    expect(leaseBlock(closed, '2026-03-02T09:00:29.999Z', pace)).toEqual({
      type: 'notYet',
      until: '2026-03-02T09:00:30.000Z',
    });
    expect(leaseBlock(closed, '2026-03-02T09:00:30.000Z', pace).type).toBe('leased');
  });

  it('stretches the block until it holds a whole token where the pace is slow', () => {
    const slow = { perSecond: 0.25, blockMs: 1_000 };
    expect(leased(leaseBlock(freshGate(NOW, slow), NOW, slow)).block).toEqual({
      from: NOW,
      until: '2026-03-02T09:00:04.000Z',
      tokens: 1,
    });
  });

  it('gives tokens at the pace it was lowered to', () => {
    expect(leased(leaseBlock({ ...fresh, pace: 10 }, NOW, pace)).block).toEqual({
      from: NOW,
      until: '2026-03-02T09:00:01.000Z',
      tokens: 10,
    });
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
  it('closes the gate for as long as Graph says and leaves seven tenths of the pace', () => {
    expect(throttle(fresh, refused(7_000), seconds(1), pace)).toEqual({
      ...fresh,
      pace: 17.5,
      paceSince: '2026-03-02T09:00:01.000Z',
      loweredAt: '2026-03-02T09:00:01.000Z',
      closedUntil: '2026-03-02T09:00:08.000Z',
      closedWhy: 'TooManyRequests',
    });
  });

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
    expect(throttle(fresh, refused(waitMs), NOW, pace).closedUntil).toBe(until);
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

  it('of one storm lowers the pace once, and closes for the longest wait that it names', () => {
    let state = throttle(fresh, refused(5_000), seconds(1), pace);
    for (const retryAfter of [2_000, undefined, 9_000, 1_000]) {
      // These calls had begun before the first of them came back.
      state = throttle(state, refused(retryAfter, seconds(0.5)), seconds(1.2), pace);
    }
    expect(state).toMatchObject({
      pace: 17.5,
      loweredAt: '2026-03-02T09:00:01.000Z',
      silentRefusals: 0,
      closedUntil: '2026-03-02T09:00:10.200Z',
    });
  });

  it('of a call that began after the last lowering lowers it again', () => {
    const once = throttle(fresh, refused(1_000), NOW, pace);
    expect(throttle(once, refused(1_000, addMs(NOW, 1)), NOW, pace).pace).toBe(12.25);
  });

  it('never leaves less than a twentieth of the pace', () => {
    let state = fresh;
    for (let index = 0; index < 30; index += 1) {
      const now = addMs(NOW, index);
      state = throttle(state, refused(0, now), now, pace);
    }
    expect(state.pace).toBe(1.25);
  });
});

describe('the pace after it was lowered', () => {
  const least = { ...fresh, pace: 1.25 };

  it.each([
    [0, 1.25],
    [60, 13.75],
    [114, 25],
    [3_600, 25],
  ])('has come back by itself %i seconds later to %d', (later, expected) => {
    expect(paceAt(least, seconds(later), pace)).toBe(expected);
  });

  it('does not fall when the clock is set back', () => {
    expect(paceAt(least, seconds(-600), pace)).toBe(1.25);
  });

  it('is lowered from where it has recovered to', () => {
    expect(throttle(least, refused(0, seconds(60)), seconds(60), pace).pace).toBe(9.625);
  });
});

describe('a good answer', () => {
  const answered = (throttlePercentage: number | undefined, beganAt = NOW) => ({ beganAt, throttlePercentage });

  it.each([undefined, 0.1, 0.8])('changes nothing with x-ms-throttle-limit-percentage %p', (percentage) => {
    expect(observe(fresh, answered(percentage), NOW, pace)).toBe(fresh);
  });

  it.each([
    [1, 20],
    [1.6, 17.5],
    [1.8, 17.5],
  ])('slows the pace down where Graph sees %d of its limit used, to %d', (percentage, expected) => {
    const seen = observe(fresh, answered(percentage), NOW, pace);
    expect(seen).toMatchObject({ pace: expected, loweredAt: NOW, closedUntil: NOW });
  });

  it('ends a row of silent refusals', () => {
    const silent = throttle(fresh, refused(undefined), NOW, pace);
    expect(observe(silent, answered(undefined, seconds(2)), seconds(3), pace)).toEqual({
      ...silent,
      silentRefusals: 0,
    });
  });

  it('to a call from before the last lowering tells nothing', () => {
    const lowered = throttle(fresh, refused(undefined), seconds(1), pace);
    expect(observe(lowered, answered(1.8, seconds(1)), seconds(2), pace)).toBe(lowered);
  });
});

describe('whatever happens, all instances together', () => {
  const moves = fc.array(
    fc.record({
      waitMs: fc.integer({ min: 0, max: 3_000 }),
      what: fc.constantFrom('lease', 'lease', 'lease', 'lease', 'lease', 'throttle', 'observe'),
      retryAfter: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }),
      percentage: fc.double({ min: 0, max: 2, noNaN: true }),
    }),
    { minLength: 1, maxLength: 60 },
  );
  const paces = fc.record({ perSecond: fc.constantFrom(0.5, 1, 7, 25), blockMs: fc.constantFrom(500, 1_000, 2_000) });

  it('never spend more than the pace, in blocks that do not overlap and start when the gate is open', () => {
    let blocks = 0;
    fc.assert(
      fc.property(moves, paces, (made, chosen) => {
        let state: GateState = freshGate(NOW, chosen);
        let now = NOW;
        let tokens = 0;
        let until = NOW;
        for (const { waitMs, what, retryAfter, percentage } of made) {
          now = addMs(now, waitMs);
          if (what === 'throttle') state = throttle(state, refused(retryAfter, now), now, chosen);
          if (what === 'observe') state = observe(state, { beganAt: now, throttlePercentage: percentage }, now, chosen);
          if (what !== 'lease') continue;
          const result = leaseBlock(state, now, chosen);
          if (result.type === 'notYet') {
            expect(result.until > now).toBe(true);
            continue;
          }
          blocks += 1;
          expect(now >= state.closedUntil).toBe(true);
          expect(result.block.from >= until).toBe(true);
          expect(toMs(result.block.from) - toMs(now)).toBeLessThanOrEqual(5_000);
          ({ state } = result);
          ({ until } = result.block);
          tokens += result.block.tokens;
        }
        expect(tokens).toBeLessThanOrEqual(((toMs(until) - toMs(NOW)) / 1_000) * chosen.perSecond);
        expect(paceAt(state, now, chosen)).toBeGreaterThanOrEqual(chosen.perSecond * 0.05);
        expect(paceAt(state, addMs(now, 120_000), chosen)).toBe(chosen.perSecond);
      }),
      { numRuns: 500 },
    );
    expect(blocks).toBeGreaterThan(500);
  });
});

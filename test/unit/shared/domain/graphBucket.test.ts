import { grown } from '../../../../shared/domain/bucketGrowth';
import { refusedBy, warnedBy } from '../../../../shared/domain/bucketRefusals';
import { type Bucket, type GatePace, filled, freshBucket, spendable } from '../../../../shared/domain/graphBucket';
import { type Instant, addMs } from '../../../../shared/domain/time';

const NOW = '2026-03-02T09:00:00.000Z';
const LONG_AGO = '1970-01-01T00:00:00.000Z';
const known: GatePace = { perSecond: 40, burstMs: 5_000 };
const unknown: GatePace = { perSecond: 1_000, startPerSecond: 25, burstMs: 5_000 };

const seconds = (count: number): Instant => addMs(NOW, count * 1_000);

/** Empty, as after a refusal at `NOW`, and counting since. */
const empty = (pace: GatePace, changes: Partial<Bucket> = {}): Bucket => ({
  ...freshBucket(NOW, pace),
  level: 0,
  isFromFull: false,
  refusedAt: NOW,
  ...changes,
});

/** The bucket after a storm of so many refusals that began `at`. */
function stormed(bucket: Bucket, at: Instant, pace: GatePace, refusals = 1): Bucket {
  let after = bucket;
  for (let refusal = 0; refusal < refusals; refusal += 1) {
    const told = { isNew: refusal === 0, beganAt: addMs(at, -200), until: addMs(at, 1_000) };
    after = refusedBy(after, told, at, pace);
  }
  return after;
}

describe('what is spent of the rate', () => {
  it.each([
    ['of a known limit, nearly all', known, {}, 39.92],
    [
      'of a known limit that somebody takes a part of, as of a measured one',
      known,
      { rate: 20, measuredBy: 300 },
      19.7,
    ],
    ['of a guess, all', unknown, {}, 25],
    ['of a measured rate, what its calls show', unknown, { rate: 40, measuredBy: 600 }, 39.6],
    ['of a rate that was measured badly, 3 % less', unknown, { rate: 40, measuredBy: 1 }, 38.8],
  ])('is, %s', (_what, pace, changes, expected) => {
    expect(spendable(empty(pace, changes), pace)).toBeCloseTo(expected, 9);
  });
});

describe('a bucket that fills', () => {
  it('forgets what it counted once it is full: the time before tells nothing of the rate', () => {
    const bucket = empty(unknown, { granted: 500 });
    expect(filled(bucket, seconds(4.4), unknown)).toMatchObject({ level: 110, granted: 500, countedSince: NOW });
    expect(filled(bucket, seconds(4.5), unknown)).toMatchObject({
      level: 112.5,
      granted: 0,
      countedSince: seconds(4.5),
      isFromFull: true,
      raisedAt: seconds(4.5),
    });
  });

  it.each([
    ['a guess that grew', unknown, { rate: 60 }, 25],
    ['a measured rate that was tried for more', unknown, { rate: 52, foundRate: 40, measuredBy: 300 }, 40],
    [
      'what is usual, though a part was found last',
      unknown,
      { rate: 41, foundRate: 20, usualRate: 40, measuredBy: 9 },
      40,
    ],
    ['a known limit, of which others took a part', known, { rate: 30, foundRate: 20, measuredBy: 300 }, 30],
  ])('once it is full, goes back to what was shown: %s', (_what, pace, changes, rate) => {
    const full = filled(empty(pace, { ...changes, raiseBy: 0.1 }), seconds(60), pace);
    expect(full).toMatchObject({ rate, level: rate * 4.5, raiseBy: 0.04 });
  });

  it('stays as it is for an instance whose clock is behind', () => {
    const bucket = empty(known, { levelAt: seconds(2) });
    expect(filled(bucket, NOW, known)).toBe(bucket);
  });

  it('moves all its times with a clock that was set back', () => {
    const bucket = empty(known, {
      levelAt: seconds(3_610),
      countedSince: seconds(3_600),
      raisedAt: seconds(3_605),
      refusedAt: seconds(3_601),
    });
    expect(filled(bucket, NOW, known)).toEqual({
      ...bucket,
      levelAt: NOW,
      countedSince: seconds(-10),
      raisedAt: seconds(-5),
      refusedAt: seconds(-9),
    });
  });
});

describe('a refusal', () => {
  it('after another shows the rate: what was taken by the time since', () => {
    const bucket = stormed(empty(unknown, { granted: 401 }), seconds(10), unknown);
    expect(bucket).toMatchObject({ rate: 40, foundRate: 40, measuredBy: 400 });
  });

  it('from a full bucket shows it too: what was in it had been taken besides, and it was full until the first call arrived', () => {
    const bucket = stormed(empty(unknown, { granted: 601, isFromFull: true }), seconds(10.3), unknown);
    expect(bucket).toMatchObject({ rate: 40, foundRate: 40, measuredBy: 600 });
  });

  it('empties the bucket, and counts anew from there', () => {
    const bucket = stormed(empty(known, { granted: 400, saved: 7, level: 3 }), seconds(10), known);
    expect(bucket).toMatchObject({
      // A refused call took 200 ms: 8 that began after it are on their way. What comes in in 150 ms is left over.
      level: -14,
      levelAt: seconds(10),
      saved: 0,
      granted: 0,
      countedSince: seconds(10),
      isFromFull: false,
      raisedAt: seconds(10),
      refusedAt: seconds(10),
      raiseBy: 0.04,
    });
  });

  it('of the same storm refines the measure: each was granted and not taken, and took a token of Graph’s', () => {
    const bucket = stormed(empty(unknown, { granted: 401 }), seconds(10), unknown, 11);
    expect(bucket).toMatchObject({ rate: 39, measuredBy: 390, level: -14.75, granted: 0, storm: { refusals: 11 } });
  });

  it('from before any storm, while the gate was closed for something else, tells nothing', () => {
    const bucket = freshBucket(NOW, known);
    expect(refusedBy(bucket, { isNew: false, beganAt: NOW, until: NOW }, seconds(1), known)).toBe(bucket);
  });

  it('of a call that began after the storm, while the gate was closed for something else, leaves the storm alone', () => {
    const bucket = stormed(empty(unknown, { granted: 401 }), seconds(10), unknown);
    const grownSince = { ...bucket, rate: 44 };
    const told = { isNew: false, beganAt: seconds(11), until: seconds(30) };
    expect(refusedBy(grownSince, told, seconds(12), unknown)).toBe(grownSince);
  });

  it('in a storm that went on keeps refining it while the gate is closed', () => {
    const bucket = stormed(empty(unknown, { granted: 401 }), seconds(10), unknown);
    const longer = refusedBy(bucket, { isNew: false, beganAt: NOW, until: seconds(15) }, seconds(12), unknown);
    const last = refusedBy(longer, { isNew: false, beganAt: seconds(14), until: seconds(14) }, seconds(14), unknown);
    expect(last.storm).toMatchObject({ refusals: 3, until: seconds(15) });
  });

  it.each([
    ['too soon after the last', { granted: 60 }, 1.499],
    ['after too few calls', { granted: 10 }, 10],
  ])('%s measures nothing: a fifth less', (_what, changes, after) => {
    const bucket = stormed(empty(unknown, { rate: 40, ...changes }), seconds(after), unknown);
    expect(bucket).toMatchObject({ rate: 32, measuredBy: 1 });
  });

  it('that measures nothing lets the measure before stand', () => {
    expect(stormed(empty(unknown, { rate: 40, measuredBy: 333 }), seconds(1), unknown).measuredBy).toBe(333);
  });

  it.each([
    ['known', known],
    ['measured', { ...unknown, startPerSecond: 40 }],
  ])(
    'from a full bucket at a rate that was %s comes from somebody else: 55 % are left, or what it shows',
    (what, pace) => {
      const measuredBy = what === 'known' ? 0 : 300;
      const full = { rate: 40, usualRate: 40, isFromFull: true, measuredBy };
      expect(stormed(empty(pace, { ...full, granted: 601 }), seconds(10.3), pace).rate).toBe(22);
      expect(stormed(empty(pace, { ...full, granted: 541 }), seconds(10.3), pace).rate).toBe(36);
    },
  );

  it('takes no more than half of the rate', () => {
    expect(stormed(empty(unknown, { rate: 40, granted: 51 }), seconds(10), unknown).rate).toBe(20);
  });

  it('never leaves less than a fiftieth of what was configured', () => {
    let bucket = empty(known);
    for (let storm = 1; storm < 40; storm += 1) bucket = stormed(bucket, seconds(storm), known);
    expect(bucket.rate).toBe(0.8);
  });

  it('never shows more than the limit', () => {
    expect(stormed(empty(known, { rate: 20, granted: 801 }), seconds(10), known).rate).toBe(40);
  });
});

describe('a refusal of a rate that was tried for more, from a full bucket', () => {
  it('shows the rate like any other: that more was tried is no surprise', () => {
    const tried = empty(unknown, { rate: 48, usualRate: 40, measuredBy: 300, isFromFull: true });
    expect(stormed({ ...tried, granted: 601 }, seconds(10.3), unknown).rate).toBe(40);
  });
});

describe('calls that are on their way when Graph refuses one', () => {
  /** What comes in in 150 ms. */
  const LEFT = 6;

  it('take what comes in, whether they are refused or not: only more refusals than those count besides', () => {
    const bucket = empty(unknown, { rate: 40, granted: 401 });
    expect(stormed(bucket, seconds(10), unknown, 8).level).toBe(-8 - LEFT);
    expect(stormed(bucket, seconds(10), unknown, 10).level).toBe(-10 - LEFT);
  });

  it('are one at least, and not more than begin in 0.4 seconds', () => {
    const bucket = empty(unknown, { rate: 40, granted: 401 });
    const refusedAfter = (ms: number) =>
      refusedBy(bucket, { isNew: true, beganAt: seconds(10), until: seconds(20) }, addMs(seconds(10), ms), unknown);
    expect(refusedAfter(0).level).toBe(-1 - LEFT);
    expect(refusedAfter(9_000).level).toBe(-16 - LEFT);
  });
});

describe('what comes in while the gate is closed', () => {
  it('is saved, a part of the bucket at most: it does not go out all at once', () => {
    const closed = stormed(empty(known, { rate: 20, granted: 201 }), seconds(10), known);
    expect(closed).toMatchObject({ rate: 20, level: -7 });
    // 19.6 came in: 7 were missing.
    const open = filled(closed, seconds(11), known);
    expect(open.level).toBeCloseTo(0, 9);
    expect(open.saved).toBeCloseTo(12.6, 1);
    const later = filled(open, seconds(12), known);
    expect(later.saved).toBeCloseTo(8.6, 1);
    expect(later.level).toBeCloseTo(19.6 + 4, 1);
  });

  it('fills the bucket where it is closed for long', () => {
    const told = { isNew: true, beganAt: seconds(10), until: seconds(40) };
    const closed = refusedBy(empty(known, { granted: 401 }), told, seconds(10), known);
    expect(filled(closed, seconds(40), known)).toMatchObject({ level: 180, saved: 0, isFromFull: true });
  });
});

describe('what is usual, and how long it is left alone after a refusal', () => {
  const after = (changes: Partial<Bucket>, at = 10, pace = unknown) => {
    const { usualRate, quietMs, usualQuietMs } = stormed(
      empty(pace, { measuredBy: 300, ...changes }),
      seconds(at),
      pace,
    );
    return { usualRate, quietMs, usualQuietMs };
  };

  it('is what was measured well, and three quarters of a minute', () => {
    expect(after({ granted: 401, rate: 50 })).toEqual({ usualRate: 40, quietMs: 5_000, usualQuietMs: 45_000 });
  });

  it('goes halfway to what is found where that is a little less: somebody may have taken a part at the end', () => {
    const before = { rate: 44, usualRate: 44, foundRate: 44 };
    expect(after({ ...before, granted: 401 })).toEqual({ usualRate: 42, quietMs: 5_000, usualQuietMs: 90_000 });
    expect(after({ ...before, granted: 391 })).toEqual({ usualRate: 44, quietMs: 5_000, usualQuietMs: 45_000 });
  });

  it('is twice as long each time that the same is found, ten minutes at most', () => {
    const same = { granted: 401, rate: 42, foundRate: 41, usualRate: 41 };
    expect(after({ ...same, usualQuietMs: 60_000 }).usualQuietMs).toBe(120_000);
    expect(after({ ...same, usualQuietMs: 600_000 }).usualQuietMs).toBe(600_000);
  });

  it('is three quarters of a minute again where much more is found', () => {
    const more = { granted: 451, rate: 50, foundRate: 40, usualRate: 40, usualQuietMs: 360_000 };
    expect(after(more)).toEqual({ usualRate: 45, quietMs: 5_000, usualQuietMs: 45_000 });
  });

  it('is not known until 150 calls measured it, for however short a time', () => {
    expect(after({ granted: 151, rate: 45 }, 4).usualRate).toBe(37.5);
    expect(after({ granted: 150, rate: 45 }, 4).usualRate).toBe(0);
  });

  it.each([
    ['too few calls', { granted: 150, rate: 15 }, 10],
    ['too short a time', { granted: 401, rate: 45 }, 9.9],
  ])('stays what it was where %s measured it, for five seconds', (_what, changes, at) => {
    const before = { usualRate: 40, quietMs: 60_000, usualQuietMs: 90_000 };
    expect(after({ ...changes, ...before }, at)).toEqual({ ...before, quietMs: 5_000 });
  });

  it('stays what it was where the bucket had been full, for six seconds', () => {
    expect(after({ granted: 401, isFromFull: true, quietMs: 16_000 })).toMatchObject({ usualRate: 0, quietMs: 6_000 });
  });

  it('is measured well from a full bucket too, once what was in it does not matter any more', () => {
    const tried = { rate: 44, usualRate: 39, foundRate: 37, isFromFull: true };
    expect(after({ ...tried, granted: 1_801 }, 40.3)).toMatchObject({ usualRate: 40, quietMs: 5_000 });
    expect(after({ ...tried, granted: 1_801 }, 39.9)).toMatchObject({ usualRate: 39, quietMs: 6_000 });
    const first = { rate: 44, usualRate: 0, isFromFull: true };
    expect(after({ ...first, granted: 801 }, 15.3)).toMatchObject({ usualRate: 40, quietMs: 5_000 });
    expect(after({ ...first, granted: 801 }, 14.9)).toMatchObject({ usualRate: 0, quietMs: 6_000 });
  });

  it('is not lowered from a full bucket: how much was in it is assumed', () => {
    const tried = { rate: 44, usualRate: 41, foundRate: 41, isFromFull: true };
    expect(after({ ...tried, granted: 1_801 }, 40)).toMatchObject({ usualRate: 41, quietMs: 6_000 });
  });

  describe('while somebody else takes a part', () => {
    const part = { granted: 201, rate: 22, usualRate: 40, usualQuietMs: 90_000 };

    it('stays what it was, for five seconds, and a tenth longer each time that the same is found', () => {
      const stays = { usualRate: 40, usualQuietMs: 90_000 };
      expect(after({ ...part, foundRate: 40 })).toEqual({ ...stays, quietMs: 5_000 });
      expect(after({ ...part, foundRate: 20, quietMs: 5_000 })).toEqual({ ...stays, quietMs: 5_500 });
    });

    it('becomes what is left once that was found for more than a minute', () => {
      const left = { usualRate: 20, quietMs: 5_000, usualQuietMs: 45_000 };
      expect(after({ ...part, foundRate: 20, quietMs: 30_000 })).toMatchObject({ usualRate: 40, quietMs: 33_000 });
      expect(after({ ...part, foundRate: 20, quietMs: 60_000 })).toEqual(left);
    });
  });

  it('is all of a known limit, whatever is found, and a minute at most', () => {
    const found = { granted: 201, rate: 20, foundRate: 20 };
    expect(after({ ...found, quietMs: 60_000 }, 10, known)).toMatchObject({ usualRate: 40, quietMs: 60_000 });
  });
});

describe('a refusal once the rate came back to what is usual', () => {
  const back = { rate: 40, usualRate: 40, foundRate: 20 };

  it('leaves it there where more came in than before: somebody gave back a part on the way', () => {
    expect(stormed(empty(unknown, { ...back, granted: 251 }), seconds(10), unknown).rate).toBe(40);
  });

  it.each([
    ['as much came in as before', { granted: 201 }, 10, 20],
    ['it was not back yet', { granted: 251, rate: 39 }, 10, 25],
    ['it came soon', { granted: 226 }, 9, 25],
  ])('lowers it where %s', (_what, changes, at, rate) => {
    expect(stormed(empty(unknown, { ...back, ...changes }), seconds(at), unknown).rate).toBe(rate);
  });
});

describe('refused calls', () => {
  it('count among those of the next measure: they took what came in after they began', () => {
    const first = stormed(empty(unknown, { granted: 401 }), seconds(10), unknown, 10);
    const second = stormed({ ...first, granted: 411, rate: 50 }, seconds(20), unknown);
    // 411 and 10, less the refused one: more than the 391 of before agree with.
    expect(second).toMatchObject({ measuredBy: 420, rate: 42 });
  });

  it('of a bucket that was full meanwhile do not', () => {
    const first = stormed(empty(unknown, { granted: 401 }), seconds(10), unknown, 10);
    const second = stormed({ ...first, isFromFull: true, granted: 301, rate: 50 }, seconds(20), unknown);
    expect(second).toMatchObject({ measuredBy: 300 });
  });
});

describe('measures that agree', () => {
  const before = { rate: 41, foundRate: 40, measuredBy: 300 };

  it('are taken together, each by how many calls it is of', () => {
    const again = stormed(empty(unknown, { ...before, granted: 391 }), seconds(10), unknown);
    expect(again).toMatchObject({ measuredBy: 690, rate: expect.closeTo((40 * 300 + 39 * 390) / 690, 9) as number });
  });

  it('count for no more than 500 calls from before', () => {
    const again = stormed(empty(unknown, { ...before, measuredBy: 9_000, granted: 391 }), seconds(10), unknown);
    expect(again).toMatchObject({ measuredBy: 890, rate: expect.closeTo((40 * 500 + 39 * 390) / 890, 9) as number });
  });

  it.each([
    ['a twentieth less was found', 381, 38],
    ['a twentieth more was found', 421, 42],
  ])('are not those of a rate that changed: %s', (_what, granted, rate) => {
    expect(stormed(empty(unknown, { ...before, granted }), seconds(10), unknown)).toMatchObject({
      measuredBy: granted - 1,
      rate,
    });
  });

  it('are not a guess', () => {
    const guessed = empty(unknown, { rate: 41, foundRate: 40, measuredBy: 0, granted: 391 });
    expect(stormed(guessed, seconds(10), unknown)).toMatchObject({ measuredBy: 390, rate: 39 });
  });
});

describe('a refusal at a rate that was spent for long, without trying for more', () => {
  const usual = { rate: 40, usualRate: 40, foundRate: 40, measuredBy: 300 };

  it('lowers it to 55 %, for a little while: then it is usual again at once', () => {
    const refused = stormed(empty(unknown, { ...usual, granted: 601 }), seconds(15), unknown);
    expect(refused).toMatchObject({ rate: 22, foundRate: 40, usualRate: 40 });
    expect(grown(refused, seconds(22.499), seconds(15), unknown).rate).toBe(22);
    expect(grown(refused, seconds(22.5), seconds(15), unknown).rate).toBe(40);
  });

  describe('after one that was doubted', () => {
    const doubted = stormed(empty(unknown, { ...usual, granted: 601 }), seconds(15), unknown);
    /** Refused once more at the usual rate, 15 seconds after `at`, at 40 a second or less. */
    const refusedAgain = (before: Bucket, at: number, granted = 600, refusals = 1) =>
      stormed({ ...before, rate: 40, usualRate: 40, granted }, seconds(at + 15), unknown, refusals);

    it('is not doubted again, however often the same is found', () => {
      const second = refusedAgain(doubted, 15);
      expect(second.rate).toBeCloseTo(40, 9);
      expect(refusedAgain(second, 30).rate).toBeCloseTo(40, 9);
    });

    it('is doubted once more than ten were refused: calls that bunch are fewer', () => {
      expect(refusedAgain(doubted, 15, 600, 10).rate).toBeGreaterThan(39);
      expect(refusedAgain(doubted, 15, 600, 11).rate).toBeLessThan(22);
    });

    it('is doubted once somebody took a part since', () => {
      const second = refusedAgain(doubted, 15, 400);
      expect(second.rate).toBeLessThan(30);
      expect(refusedAgain(second, 30).rate).toBeCloseTo(22, 9);
    });

    it('is doubted once the bucket was full since', () => {
      const full = { ...doubted, rate: 40, isFromFull: true, granted: 801 };
      expect(stormed(full, seconds(30.3), unknown).rate).toBeCloseTo(22, 9);
    });
  });

  it('lowers it after however short a time once more than ten were refused', () => {
    const soon = empty(unknown, { ...usual, granted: 211 });
    expect(stormed(soon, seconds(5), unknown, 10).rate).toBeGreaterThan(39);
    expect(stormed(soon, seconds(5), unknown, 11)).toMatchObject({ rate: 22, foundRate: 40 });
  });

  it('is doubted no more once the others of its storm show that much less came in', () => {
    const doubted = stormed(empty(unknown, { ...usual, granted: 546 }), seconds(15), unknown);
    expect(doubted.storm?.isDoubted).toBe(true);
    const more = stormed(empty(unknown, { ...usual, granted: 546 }), seconds(15), unknown, 10);
    expect(more.storm?.isDoubted).toBe(false);
  });

  it('leaves what is usual as it is, though a little less was measured: that may be of the moment in which it began', () => {
    const refused = stormed(empty(unknown, { ...usual, usualQuietMs: 90_000, granted: 571 }), seconds(15), unknown);
    expect(refused).toMatchObject({ foundRate: 38, usualRate: 40, usualQuietMs: 90_000 });
  });

  it.each([
    ['it was not spent for long', usual, 561, 14, 40],
    ['more was tried', { ...usual, rate: 40.1 }, 601, 15, 40],
    ['much less came in', usual, 541, 15, 36],
  ])('lowers it to what is measured where %s', (_what, changes, granted, at, rate) => {
    expect(stormed(empty(unknown, { ...changes, granted }), seconds(at), unknown).rate).toBe(rate);
  });
});

describe('a guess', () => {
  /** Since a full bucket, five seconds of Graph's rate, so many went out. */
  const guess = (granted: number, changes: Partial<Bucket> = {}) =>
    empty(unknown, { refusedAt: LONG_AGO, isFromFull: true, granted, ...changes });

  it('grows each second to two fifths above what Graph let through, while somebody waits, until Graph refuses', () => {
    // 120 in a second, and what a bucket holds: 20 a second.
    expect(grown(guess(120), seconds(0.999), NOW, unknown)).toMatchObject({ rate: 25, raisedAt: NOW });
    expect(grown(guess(120), seconds(1), NOW, unknown)).toMatchObject({ rate: 28, raisedAt: seconds(1) });
    const refused = stormed(guess(401), seconds(10), unknown);
    expect(grown(refused, seconds(15), NOW, unknown)).toBe(refused);
  });

  it('is the same, whoever looks how often', () => {
    const bucket = guess(500);
    expect(grown(grown(bucket, seconds(1), NOW, unknown), seconds(3.5), NOW, unknown)).toEqual(
      grown(bucket, seconds(3.5), NOW, unknown),
    );
  });

  it('is not lowered where little went out for some time', () => {
    expect(grown(guess(120, { rate: 60 }), seconds(20), NOW, unknown).rate).toBe(60);
  });

  it.each([
    ['no faster', 1_400, 30, 56],
    ['by a fiftieth for each second more', 1_800, 40, 64],
    ['to twice what Graph let through at most', 5_000, 120, 80],
  ])('hastens after half a minute: %s', (_what, granted, at, rate) => {
    const raisedAt = seconds(at - 1);
    expect(grown(guess(granted, { raisedAt }), seconds(at), NOW, unknown).rate).toBeCloseTo(rate, 9);
  });

  it('does not grow while nobody waits: more than half of the bucket is left', () => {
    expect(grown(guess(120, { level: 56.3 }), seconds(9), NOW, unknown)).toMatchObject({
      rate: 25,
      raisedAt: seconds(9),
    });
    expect(grown(guess(120, { level: 56.25 }), seconds(1), NOW, unknown).rate).toBe(28);
  });

  it('does not grow further than the most that is tried', () => {
    expect(grown(guess(1_000_000), seconds(60), NOW, unknown).rate).toBe(1_000);
  });
});

describe('a measured rate', () => {
  const measured = (changes: Partial<Bucket> = {}) =>
    empty(unknown, { rate: 40, measuredBy: 300, quietMs: 8_000, ...changes });

  it('below what is usual is tried for more after the quiet while, in growing steps', () => {
    const bucket = measured({ usualRate: 80 });
    expect(grown(bucket, seconds(9.499), NOW, unknown)).toBe(bucket);
    const once = grown(bucket, seconds(9.5), NOW, unknown);
    expect(once).toMatchObject({ rate: 41.6, raiseBy: 0.07, raisedAt: seconds(9.5) });
    expect(grown(once, seconds(10.999), NOW, unknown)).toBe(once);
    const twice = grown(once, seconds(11), NOW, unknown);
    expect(twice.rate).toBeCloseTo(44.512, 9);
    expect(twice.raiseBy).toBe(0.07);
  });

  describe('below what is usual, once more calls got through than were to be had', () => {
    /** 20 a second were found when Graph's bucket was empty, at `NOW`: 200 in ten seconds, of which its storm took five. */
    const since = { rate: 22, foundRate: 20, usualRate: 40, level: 0, levelAt: seconds(10), granted: 208 };
    const stormy = stormed(measured({ granted: 400 }), NOW, unknown, 5);
    const exceeded = (changes: Partial<Bucket> = {}) =>
      grown({ ...stormy, ...measured(since), ...changes }, seconds(10), NOW, unknown);

    it('is usual again at once, with what came in meanwhile saved', () => {
      // 400 came in, 240 were given away, the storm took five, 14.4 stay.
      expect(exceeded({ granted: 240 })).toMatchObject({
        rate: 40,
        raiseBy: 0.04,
        saved: expect.closeTo(140.6, 9) as number,
      });
    });

    it('is raised by a step where Graph only warned since', () => {
      expect(
        grown({ ...stormy, ...measured(since), refusedAt: seconds(0.5) }, seconds(10), NOW, unknown).rate,
      ).toBeCloseTo(22.88, 9);
    });

    it('is raised by a step while calls that bunch could explain them', () => {
      expect(exceeded({ granted: 207 }).rate).toBeCloseTo(22.88, 9);
    });

    it('is raised by a step where nothing tells when Graph’s bucket was empty', () => {
      expect(exceeded({ isFromFull: true }).rate).toBeCloseTo(22.88, 9);
      expect(grown(measured(since), seconds(10), NOW, unknown).rate).toBeCloseTo(22.88, 9);
    });
  });

  it('stops at what is usual, for three quarters of a minute in which callers wait', () => {
    const bucket = measured({ usualRate: 41 });
    const usual = grown(bucket, seconds(54.499), NOW, unknown);
    expect(usual).toMatchObject({ rate: 41, raisedAt: seconds(9.5), raiseBy: 0.04 });
    expect(grown(bucket, seconds(54.5), NOW, unknown)).toMatchObject({ rate: 41 * 1.04, raisedAt: seconds(54.5) });
  });

  it('that is usual waits anew whenever nobody had to wait', () => {
    const idle = grown(measured({ usualRate: 40, level: 91 }), seconds(60), NOW, unknown);
    expect(idle).toMatchObject({ rate: 40, raisedAt: seconds(60) });
    const busy = { ...idle, level: 0 };
    expect(grown(busy, seconds(104.999), NOW, unknown).rate).toBe(40);
    expect(grown(busy, seconds(105), NOW, unknown).rate).toBe(41.6);
  });

  it('beyond what is usual grows in small steps, whoever looks how often', () => {
    const bucket = measured({ usualRate: 40 });
    const atOnce = grown(bucket, seconds(54), NOW, unknown);
    let often = bucket;
    for (let at = 0; at <= 54; at += 0.5) often = grown(often, seconds(at), NOW, unknown);
    expect(atOnce).toEqual(often);
    // After 45, 48, 51 and 54 seconds.
    expect(atOnce.rate).toBeCloseTo(40 * 1.04 ** 4, 9);
    expect(atOnce.raiseBy).toBe(0.04);
  });

  it('is quiet from when the gate opened', () => {
    const bucket = measured({ usualRate: 80 });
    expect(grown(bucket, seconds(39.499), seconds(30), unknown)).toBe(bucket);
    expect(grown(bucket, seconds(39.5), seconds(30), unknown).rate).toBe(41.6);
  });
});

describe('a known rate', () => {
  it('is never tried for more', () => {
    const bucket = empty(known);
    expect(grown(bucket, seconds(3_600), NOW, known)).toBe(bucket);
  });

  it('comes back to all of it and no further after somebody took a part', () => {
    const lowered = empty(known, { rate: 39.9, measuredBy: 200 });
    expect(grown(lowered, seconds(60), NOW, known)).toMatchObject({ rate: 40, raisedAt: seconds(6.5) });
  });

  describe('once it is all of it again', () => {
    /** 300 of 400 were taken in ten seconds: the rest is in Graph's bucket, and 14.4 stay there. */
    const back = (changes: Partial<Bucket> = {}) => {
      const lowered = empty(known, { rate: 39.9, measuredBy: 200, granted: 300, levelAt: seconds(10), ...changes });
      return grown(lowered, seconds(10), NOW, known);
    };

    it('has saved what came in while it was believed to be lower', () => {
      expect(back()).toMatchObject({ rate: 40, saved: 85.6 });
    });

    it('has not saved again what the bucket holds already', () => {
      expect(back({ level: 30 })).toMatchObject({ level: 30, saved: expect.closeTo(55.6, 9) as number });
      expect(back({ granted: 250, level: 30 }).saved).toBeCloseTo(105.6, 9);
    });

    it('has saved less than Graph’s bucket holds, and no less than nothing', () => {
      expect(back({ granted: 0 }).saved).toBe(153);
      expect(back({ granted: 0, level: 160 }).saved).toBe(0);
      expect(back({ granted: 500 }).saved).toBe(0);
    });

    it('has saved nothing known where the bucket was full since', () => {
      expect(back({ isFromFull: true }).saved).toBe(0);
    });

    it('spends what is saved a little at a time, besides the rate, and once', () => {
      const second = filled(back(), seconds(11), known);
      expect(second).toMatchObject({ level: 47.92, saved: 77.6 });
      expect(filled({ ...second, saved: 4, level: 0 }, seconds(12), known)).toMatchObject({ level: 43.92, saved: 0 });
    });
  });
});

describe('a warning', () => {
  it('lowers the rate to what Graph says, by half at most, and is quiet for a while', () => {
    expect(warnedBy(empty(known, { saved: 9, raiseBy: 0.1 }), 1.25, seconds(5), known)).toMatchObject({
      rate: 32,
      foundRate: 32,
      measuredBy: 1,
      saved: 0,
      raiseBy: 0.04,
      quietMs: 5_000,
      raisedAt: seconds(5),
      refusedAt: seconds(5),
    });
    expect(warnedBy(empty(known), 3, NOW, known).rate).toBe(20);
  });

  it('never leaves less than a fiftieth of what was configured', () => {
    expect(warnedBy(empty(known, { rate: 1 }), 2, NOW, known).rate).toBe(0.8);
  });

  it('keeps what the rate was measured by', () => {
    expect(warnedBy(empty(known, { measuredBy: 300 }), 2, NOW, known).measuredBy).toBe(300);
  });
});

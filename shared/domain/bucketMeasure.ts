import { clamp } from './clamp';
import {
  type Bucket,
  FIRST_QUIET_MS,
  type GatePace,
  type Storm,
  USUAL_QUIET_MS,
  firstRate,
  isKnown,
} from './graphBucket';

/** Less between two refusals measures nothing. */
const LEAST_MEASURED_MS = 1_500;
const LEAST_MEASURED_BY = 10;
const EXACTLY_MEASURED_BY = 150;
const LOWERED_UNMEASURED = 0.8;
/**
 * A rate that was thought known, and spent for long, is too high: calls came in a bunch, or somebody else began to take a
 * part, and for how long can't be told. A little while at less shows which: the next storm comes soon, or there is none and
 * the rate is usual again at once.
 */
const LOWERED_BY_SURPRISE = 0.55;
const SURPRISE_AFTER_MS = 15_000;
/** Where more are refused in one storm, calls did not only come in a bunch: somebody began to take a part. */
const MOST_IN_A_BUNCH = 10;
const RAISED_AT_ONCE = 1;
const ALMOST_THE_RATE = 0.9;
/** No storm takes more of the rate than this, and nothing more than the last: too little to learn from. */
export const LOWERED_AT_MOST_TO = 0.5;
/** Of the rate that a limit begins with. */
export const LEAST = 0.02;
const QUIET_AFTER_SURPRISE_MS = 6_000;
/** Each try that finds the same rate puts off the next. */
const LONGER_BELOW_USUAL = 1.1;
const LONGER_AT_USUAL = 2;
const LONGEST_QUIET_MS = 60_000;
const LONGEST_USUAL_QUIET_MS = 600_000;
/** Rates that differ by less are taken for the same. */
const SAME_RATE = 0.1;
/** Measures that differ by less are of one rate, and exacter together: each is off by a few calls. Older ones than so many calls count no more. */
const AGREES = 0.05;
const MOST_BEFORE = 500;
/** A shorter time is too short for a part to be given back in it. */
const MIXED_MS = 10_000;
/** After so many times what Graph takes at once, it matters no more how much that was. */
const FROM_FULL_EXACT = 8;
const FIRST_FROM_FULL_EXACT = 3;
/** Graph's bucket stays full until the first call arrives. */
const FIRST_WAY_MS = 300;

export type Stormy = Bucket & { storm: Storm };

/** What a storm of refusals teaches: all that Graph took since its bucket was empty, or full, came in, or was in it. */
export function measured(bucket: Stormy, pace: GatePace): Bucket {
  const { storm } = bucket;
  const taken = storm.granted - storm.refusals;
  const isMeasure = storm.elapsedMs >= LEAST_MEASURED_MS && taken >= LEAST_MEASURED_BY;
  const seen = isMeasure ? rateFound(storm, taken, pace) : storm.rate * LOWERED_UNMEASURED;
  const before = isMeasure ? agreeing(storm, seen) : 0;
  const found = before > 0 ? (seen * taken + storm.foundRate * before) / (taken + before) : seen;
  const least = Math.max(firstRate(pace) * LEAST, storm.rate * LOWERED_AT_MOST_TO);
  const rate = clamp(found, least, pace.perSecond);
  const learned = {
    ...bucket,
    rate,
    foundRate: rate,
    measuredBy: isMeasure ? taken + before : Math.max(1, storm.measuredBy),
    storm: { ...storm, isDoubted: storm.followsDoubt && found > storm.rate * ALMOST_THE_RATE },
    ...nextTry(storm, rate, taken, pace),
  };
  if (!isMeasure || !isSurprise(storm, found, pace)) return learned;
  const { usualRate, usualQuietMs } = storm;
  return {
    ...learned,
    storm: { ...storm, isDoubted: true },
    rate: Math.max(least, rate * LOWERED_BY_SURPRISE),
    usualRate,
    usualQuietMs,
    quietMs: QUIET_AFTER_SURPRISE_MS,
    raiseBy: RAISED_AT_ONCE,
  };
}

/** By how many calls that rate was measured before, where it was about this one; 0 where it was not. */
const agreeing = ({ measuredBy, foundRate }: Storm, seen: number): number =>
  Math.abs(seen / foundRate - 1) < AGREES ? Math.min(measuredBy, MOST_BEFORE) : 0;

/**
 * Refused without trying for more than usual, after a long time, or from a full bucket, at about this rate. Not again after a doubt in
 * vain: what it left in Graph's bucket is spent to its end, and calls that bunch are refused there. More refusals than of a
 * bunch are a surprise whatever went before, and however soon.
 */
const isSurprise = (
  { followsDoubt, refusals, measuredBy, rate, usualRate, isFromFull, elapsedMs }: Storm,
  found: number,
  pace: GatePace,
) =>
  (isKnown(pace) || measuredBy > 0) &&
  rate <= usualRate &&
  found > rate * ALMOST_THE_RATE &&
  (refusals > MOST_IN_A_BUNCH || (!followsDoubt && (isFromFull || elapsedMs >= SURPRISE_AFTER_MS)));

const rateFound = (storm: Storm, taken: number, { burstMs }: GatePace): number =>
  storm.isFromFull ? (taken * 1000) / (storm.elapsedMs - FIRST_WAY_MS + burstMs) : sinceEmpty(storm, taken);

/**
 * All that was taken ÷ the time. Where that is more than was found before, and less than what was spent at the end, there
 * came more in the longer it lasted: somebody gives back a part, and the most is believed.
 */
function sinceEmpty({ rate, foundRate, usualRate, elapsedMs }: Storm, taken: number): number {
  const seen = (taken * 1000) / elapsedMs;
  const isMixed = elapsedMs >= MIXED_MS && rate >= usualRate && seen > foundRate * (1 + SAME_RATE) && seen < usualRate;
  return isMixed ? usualRate : seen;
}

/** What is usual, and how long to be quiet before more is tried, below it and at it. */
function nextTry(storm: Storm, rate: number, taken: number, pace: GatePace): Tries {
  const { usualRate, foundRate, isFromFull, usualQuietMs } = storm;
  // What is usual is not given up for a short time's measure.
  const isLong = storm.elapsedMs >= (usualRate === 0 ? LEAST_MEASURED_MS : MIXED_MS);
  const isExact = taken >= EXACTLY_MEASURED_BY && isLong && (!isFromFull || isExactFromFull(storm, rate, pace));
  if (!isExact) return { usualRate, quietMs: isFromFull ? QUIET_AFTER_SURPRISE_MS : FIRST_QUIET_MS, usualQuietMs };
  const quietMs = isSame(rate, foundRate) ? storm.quietMs * LONGER_BELOW_USUAL : FIRST_QUIET_MS;
  if (isKnown(pace)) return { usualRate, quietMs: Math.min(LONGEST_QUIET_MS, quietMs), usualQuietMs };
  // Less than usual, and not for so long that it became usual: somebody else takes a part and will give it back.
  if (rate < usualRate * (1 - SAME_RATE) && quietMs <= LONGEST_QUIET_MS) return { usualRate, quietMs, usualQuietMs };
  // A little less: either it was taken for too much, or somebody took a part at the end.
  const isLittleLess = rate < usualRate && isSame(rate, usualRate);
  return {
    usualRate: isLittleLess ? (rate + usualRate) / 2 : rate,
    quietMs: FIRST_QUIET_MS,
    usualQuietMs: isSame(rate, usualRate)
      ? Math.min(usualQuietMs * LONGER_AT_USUAL, LONGEST_USUAL_QUIET_MS)
      : USUAL_QUIET_MS,
  };
}

type Tries = Pick<Bucket, 'usualRate' | 'quietMs' | 'usualQuietMs'>;

const isSame = (rate: number, before: number): boolean => Math.abs(rate / before - 1) < SAME_RATE;

/** How much the bucket held at first is an assumption: it matters no more after a long time, and lowers nothing. */
const isExactFromFull = ({ usualRate, elapsedMs }: Storm, found: number, { burstMs }: GatePace): boolean =>
  usualRate === 0
    ? elapsedMs >= burstMs * FIRST_FROM_FULL_EXACT
    : found > usualRate && elapsedMs >= burstMs * FROM_FULL_EXACT;

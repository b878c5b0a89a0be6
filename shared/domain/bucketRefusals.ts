import { clamp } from './clamp';
import { type Bucket, FIRST_QUIET_MS, FIRST_RAISE, type GatePace, type Storm, firstRate, isKnown } from './graphBucket';
import { type Instant, later, toMs } from './time';

/** Less between two refusals measures nothing. */
const LEAST_MEASURED_MS = 1_500;
const LEAST_MEASURED_BY = 10;
const EXACTLY_MEASURED_BY = 150;
const LOWERED_UNMEASURED = 0.8;
/** From a full bucket, a rate that was thought known is known only to be too high: somebody else takes a part. */
const LOWERED_BY_SURPRISE = 0.6;
const ALMOST_THE_RATE = 0.9;
/** No storm takes more of the rate than this, and nothing more than the last: too little to learn from. */
const LOWERED_AT_MOST_TO = 0.5;
const LEAST = 0.02;
/** Each try that finds the same rate puts off the next. */
const QUIET_AFTER_SURPRISE_MS = 4_000;
const LONGER_BELOW_USUAL = 1.25;
const LONGER_AT_USUAL = 2;
const LONGEST_QUIET_MS = 60_000;
/** Beyond what is usual there seldom is more to be had. */
const USUAL_QUIET_MS = 45_000;
const LONGEST_USUAL_QUIET_MS = 600_000;
const SAME_RATE = 0.1;
const MIXED_MS = 10_000;
/** Calls that began after a refused one are under way, and take what comes in; slow answers tell nothing of them. */
const LONGEST_WAY_MS = 1_000;
/** After so many times what Graph takes at once, it matters no more how much that was. */
const FROM_FULL_EXACT = 8;

/** A refused call: counted like any other by Graph. The first of a storm begins counting anew; each tells more of the rate. */
export function refusedBy(bucket: Bucket, { isNew, beganAt, until }: Known, now: Instant, pace: GatePace): Bucket {
  if (isNew) return measured(emptied(bucket, beganAt, until, now), pace);
  // Refused while the gate is closed for something else: that tells nothing of a storm from long ago.
  if (!bucket.storm || beganAt >= bucket.storm.until) return bucket;
  const storm = { ...bucket.storm, refusals: bucket.storm.refusals + 1, until: later(bucket.storm.until, until) };
  return measured({ ...bucket, storm, level: bucket.level - (storm.refusals > storm.underWay ? 1 : 0) }, pace);
}

/** What is known of a refusal: whether it begins a storm, and until when it closes the gate. */
interface Known {
  isNew: boolean;
  beganAt: Instant;
  until: Instant;
}

type Stormy = Bucket & { storm: Storm };

function emptied(bucket: Bucket, beganAt: Instant, until: Instant, now: Instant): Stormy {
  const underWay = Math.max(1, Math.floor((bucket.rate * clamp(toMs(now) - toMs(beganAt), 0, LONGEST_WAY_MS)) / 1000));
  return {
    ...bucket,
    storm: {
      rate: bucket.rate,
      measuredBy: bucket.measuredBy,
      foundRate: bucket.foundRate,
      usualRate: bucket.usualRate,
      quietMs: bucket.quietMs,
      granted: bucket.granted,
      elapsedMs: toMs(now) - toMs(bucket.countedSince),
      isFromFull: bucket.isFromFull,
      refusals: 1,
      underWay,
      until,
    },
    level: -underWay,
    levelAt: now,
    saved: 0,
    granted: 0,
    countedSince: now,
    isFromFull: false,
    raisedAt: now,
    raiseBy: FIRST_RAISE,
    refusedAt: now,
  };
}

/** What a storm of refusals teaches: all that Graph took since its bucket was empty, or full, came in, or was in it. */
function measured(bucket: Stormy, pace: GatePace): Bucket {
  const { storm } = bucket;
  const taken = storm.granted - storm.refusals;
  const isMeasure = storm.elapsedMs >= LEAST_MEASURED_MS && taken >= LEAST_MEASURED_BY;
  const found = isMeasure ? foundBy(storm, taken, pace) : storm.rate * LOWERED_UNMEASURED;
  const least = Math.max(firstRate(pace) * LEAST, storm.rate * LOWERED_AT_MOST_TO);
  const rate = clamp(found, least, pace.perSecond);
  return {
    ...bucket,
    rate,
    foundRate: rate,
    measuredBy: isMeasure ? taken : Math.max(1, storm.measuredBy),
    ...nextTry(storm, rate, taken, pace),
  };
}

function foundBy(storm: Storm, taken: number, pace: GatePace): number {
  if (!storm.isFromFull) return sinceEmpty(storm, taken);
  const seen = (taken * 1000) / (storm.elapsedMs + pace.burstMs);
  return isSurprise(storm, pace) && seen > storm.rate * ALMOST_THE_RATE ? storm.rate * LOWERED_BY_SURPRISE : seen;
}

/**
 * All that was taken ÷ the time. Where that is more than was found before, and less than what was spent at the end, there
 * came more in the longer it lasted: somebody gives back a part, and the most is believed.
 */
function sinceEmpty({ rate, foundRate, usualRate, elapsedMs }: Storm, taken: number): number {
  const seen = (taken * 1000) / elapsedMs;
  const isMixed =
    elapsedMs >= MIXED_MS &&
    rate >= usualRate &&
    seen > foundRate * (1 + SAME_RATE) &&
    seen < usualRate * (1 - SAME_RATE);
  return isMixed ? usualRate : seen;
}

/** Refused from a full bucket, and without trying for more. */
const isSurprise = ({ measuredBy, rate, usualRate }: Storm, pace: GatePace): boolean =>
  (isKnown(pace) || measuredBy > 0) && rate <= usualRate;

/** What is usual, and how long to be quiet before more is tried. */
function nextTry(storm: Storm, rate: number, taken: number, pace: GatePace): Pick<Bucket, 'usualRate' | 'quietMs'> {
  const { usualRate, foundRate, isFromFull } = storm;
  // What is usual is not given up for a short time's measure.
  const isLong = storm.elapsedMs >= (usualRate === 0 ? LEAST_MEASURED_MS : MIXED_MS);
  const isExact = taken >= EXACTLY_MEASURED_BY && isLong && (!isFromFull || isBeyondFull(storm, pace));
  if (!isExact) return { usualRate, quietMs: isFromFull ? QUIET_AFTER_SURPRISE_MS : FIRST_QUIET_MS };
  const isAsBefore = Math.abs(rate / foundRate - 1) < SAME_RATE;
  const longer = (by: number): number => (isAsBefore ? storm.quietMs * by : FIRST_QUIET_MS);
  // Less than usual, and not for so long that it became usual: somebody else takes a part and will give it back.
  const quietMs = longer(LONGER_BELOW_USUAL);
  if (isKnown(pace)) return { usualRate, quietMs: Math.min(LONGEST_QUIET_MS, quietMs) };
  if (rate < usualRate * (1 - SAME_RATE) && quietMs <= LONGEST_QUIET_MS) return { usualRate, quietMs };
  return { usualRate: rate, quietMs: clamp(longer(LONGER_AT_USUAL), USUAL_QUIET_MS, LONGEST_USUAL_QUIET_MS) };
}

const isBeyondFull = ({ rate, usualRate, elapsedMs }: Storm, { burstMs }: GatePace): boolean =>
  usualRate > 0 && rate > usualRate && elapsedMs >= burstMs * FROM_FULL_EXACT;

/** Graph says how much of its limit is used, and it is more than all of it. */
export function warnedBy(bucket: Bucket, ofLimit: number, now: Instant, pace: GatePace): Bucket {
  const lowered = bucket.rate * Math.max(LOWERED_AT_MOST_TO, 1 / ofLimit);
  const rate = Math.max(firstRate(pace) * LEAST, lowered);
  return {
    ...bucket,
    rate,
    foundRate: rate,
    measuredBy: Math.max(1, bucket.measuredBy),
    saved: 0,
    raisedAt: now,
    raiseBy: FIRST_RAISE,
    quietMs: FIRST_QUIET_MS,
    refusedAt: now,
  };
}

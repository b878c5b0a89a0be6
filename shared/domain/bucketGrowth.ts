import { clamp } from './clamp';
import { type Bucket, FIRST_RAISE, type GatePace, capacity, firstRate, isKnown, isScarce } from './graphBucket';
import { type Instant, addMs, later, toMs } from './time';

/** A guess grows slowly, by this part of what it began with: that costs nothing while Graph's bucket fills, and less is refused at its end. */
const GUESS_STEP_MS = 1_000;
const GUESS_GROWS_BY = 0.07;
/** A measured rate is tried for more in growing steps, for whoever else took a part may be gone. */
const RAISE_STEP_MS = 1_500;
const GREATEST_RAISE = 0.07;
/** So many calls more than the rate that was found brings: calls that bunch, and what a measure is off by, are fewer. */
const SURELY_MORE = 12;
/** Beyond what is usual there is seldom more to be had, and what goes out too fast is refused. */
const GREATEST_RAISE_BEYOND = 0.04;
const STEP_BEYOND_MS = 3_000;

/** Of the bucket, what is left in it when that is spent which came in during a doubt: at its very end calls that bunch are refused. */
const LEFT_OVER = 0.08;

/**
 * A higher rate, where it is time to try one: a guess grows until Graph refuses; a measured rate after a quiet while, up to
 * what is usual at first, and beyond that only after callers have waited for as long again.
 */
export function grown(bucket: Bucket, now: Instant, closedUntil: Instant, pace: GatePace): Bucket {
  if (bucket.rate >= pace.perSecond) return bucket;
  if (!isScarce(bucket, pace)) return { ...bucket, raisedAt: later(bucket.raisedAt, now) };
  let stepped = bucket;
  for (;;) {
    const at = nextRaise(stepped, closedUntil, pace);
    if (at > now || stepped.rate >= pace.perSecond) return stepped;
    stepped = raised(stepped, at, pace);
  }
}

const isGuess = ({ measuredBy }: Bucket, pace: GatePace): boolean => measuredBy === 0 && !isKnown(pace);

function nextRaise(bucket: Bucket, closedUntil: Instant, pace: GatePace): Instant {
  const { rate, usualRate, raisedAt, refusedAt, quietMs, usualQuietMs } = bucket;
  if (isGuess(bucket, pace)) return addMs(raisedAt, GUESS_STEP_MS);
  const openedAt = later(refusedAt, closedUntil);
  if (rate === usualRate) return addMs(later(raisedAt, openedAt), usualQuietMs);
  return addMs(later(raisedAt, addMs(openedAt, quietMs)), rate > usualRate ? STEP_BEYOND_MS : RAISE_STEP_MS);
}

function raised(bucket: Bucket, raisedAt: Instant, pace: GatePace): Bucket {
  const { rate, usualRate, raiseBy } = bucket;
  const most = rate < usualRate ? usualRate : pace.perSecond;
  if (isGuess(bucket, pace))
    return { ...bucket, rate: Math.min(most, rate + firstRate(pace) * GUESS_GROWS_BY), raisedAt };
  const higher = rate < usualRate && isGivenBack(bucket) ? usualRate : Math.min(most, rate * (1 + raiseBy));
  if (higher !== usualRate) {
    return {
      ...bucket,
      rate: higher,
      raisedAt,
      raiseBy: Math.min(most === usualRate ? GREATEST_RAISE : GREATEST_RAISE_BEYOND, raiseBy * 2),
    };
  }
  return { ...bucket, rate: higher, raisedAt, raiseBy: FIRST_RAISE, saved: savedOf(bucket, higher, pace) };
}

/** Graph's bucket was empty at the last storm, so by now it would have refused if no more came in than was found then. */
function isGivenBack({ isFromFull, granted, storm, countedSince, refusedAt, levelAt, foundRate }: Bucket): boolean {
  // A warning since then lowered the rate, and tells nothing of what came in before it.
  if (isFromFull || !storm || refusedAt > countedSince) return false;
  const cameIn = (foundRate * (toMs(levelAt) - toMs(countedSince))) / 1000;
  return granted + storm.refusals > cameIn + SURELY_MORE;
}

/** The usual rate again: Graph's bucket filled while less was spent, once it was rid of what the storm took below nothing. */
function savedOf(bucket: Bucket, rate: number, pace: GatePace): number {
  if (bucket.isFromFull) return bucket.saved;
  const sinceMs = toMs(bucket.levelAt) - toMs(bucket.countedSince);
  const most = capacity(rate, pace);
  const cameIn = (rate * sinceMs) / 1000 - bucket.granted - (bucket.storm?.refusals ?? 0) - most * LEFT_OVER;
  return clamp(cameIn - bucket.level, 0, most - bucket.level);
}

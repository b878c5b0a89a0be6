import { clamp } from './clamp';
import { type Bucket, FIRST_RAISE, type GatePace, capacity, isKnown, isScarce } from './graphBucket';
import { type Instant, addMs, later, toMs } from './time';

const GUESS_STEP_MS = 1_000;
/**
 * By what part a guess is above the rate that Graph must have, going by what it let through so far. That rate is the true one
 * once Graph's bucket is empty, so by so much a guess is too fast then, and so many more calls are refused at once.
 */
const GUESS_ABOVE_SHOWN = 0.4;
/** A limit far above would be long in coming: by so much more for each second after a while. */
const HASTENS_AFTER_MS = 30_000;
const HASTENS_BY = 0.02;
const GUESS_ABOVE_SHOWN_AT_MOST = 1;
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
/** It is believed to be no fuller than so much of it: a part that was given back may have been so only at the end. */
const FULLEST = 0.85;

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
  if (isGuess(bucket, pace)) return { ...bucket, rate: clamp(guessed(bucket, raisedAt, pace), rate, most), raisedAt };
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

/** Nothing was refused since Graph's bucket was full: what went out was in it, or came in. */
function guessed({ granted, countedSince }: Bucket, at: Instant, { burstMs }: GatePace): number {
  const sinceMs = toMs(at) - toMs(countedSince);
  const shown = (granted * 1000) / (sinceMs + burstMs);
  const hastened = (HASTENS_BY * Math.max(0, sinceMs - HASTENS_AFTER_MS)) / 1000;
  return shown * (1 + Math.min(GUESS_ABOVE_SHOWN_AT_MOST, GUESS_ABOVE_SHOWN + hastened));
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
  return clamp(cameIn - bucket.level, 0, Math.max(0, most * FULLEST - bucket.level));
}

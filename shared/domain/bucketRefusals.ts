import { clamp } from './clamp';
import { LEAST, LOWERED_AT_MOST_TO, type Stormy, measured } from './bucketMeasure';
import { type Bucket, FIRST_QUIET_MS, FIRST_RAISE, type GatePace, firstRate } from './graphBucket';
import { type Instant, later, toMs } from './time';

/** Calls that began after a refused one are under way, and take what comes in; slow answers tell nothing of them. */
const LONGEST_WAY_MS = 400;
/** What comes in so long is left in Graph's bucket after a storm: calls bunch, and at its very end the next bunch is refused. */
const REST_MS = 150;

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
      usualQuietMs: bucket.usualQuietMs,
      granted: bucket.granted + tookFromEmpty(bucket),
      elapsedMs: toMs(now) - toMs(bucket.countedSince),
      isFromFull: bucket.isFromFull,
      refusals: 1,
      underWay,
      until,
      isDoubted: false,
      followsDoubt: !bucket.isFromFull && (bucket.storm?.isDoubted ?? false),
    },
    level: -underWay - (bucket.rate * REST_MS) / 1000,
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

/** Refused calls were given away before the bucket was empty, and took of what came in after. */
const tookFromEmpty = ({ isFromFull, storm }: Bucket): number => (isFromFull || !storm ? 0 : storm.refusals);

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

import { type Instant, addMs, later, toMs } from './time';

/**
 * A model of the bucket of tokens that Graph keeps for a limit, shared by all of the tenant's apps: how full it is, and
 * how fast it fills. The rate is learned from refusals: Graph's bucket is empty then, so what went out since it was
 * empty, or full, came in meanwhile.
 */
export interface Bucket {
  /** Tokens a second. */
  rate: number;
  /** How many calls the rate was measured by; 0 while it is what was configured, or a guess. */
  measuredBy: number;
  /** What the last storm showed the rate to be. */
  foundRate: number;
  /** Tokens at `levelAt`; below 0 where some were given away ahead of time, or refused calls were counted. */
  level: number;
  levelAt: Instant;
  /** What came in besides while the rate was believed to be lower; spent a little at a time. */
  saved: number;
  /** Tokens given away since `countedSince`, when the bucket was full, or empty. */
  granted: number;
  countedSince: Instant;
  isFromFull: boolean;
  /** When the rate was raised last, by how much it goes up next, and after how long without a refusal that begins. */
  raisedAt: Instant;
  raiseBy: number;
  quietMs: number;
  /** When the last storm of refusals began; a refusal of a call from before it tells nothing new. */
  refusedAt: Instant;
  storm?: Storm;
}

/** The bucket right before a storm of refusals, and how many of it there were so far. */
interface Storm {
  rate: number;
  measuredBy: number;
  foundRate: number;
  quietMs: number;
  granted: number;
  elapsedMs: number;
  isFromFull: boolean;
  refusals: number;
  /** The gate is closed until then: whoever began before was under way. */
  until: Instant;
}

/** What is configured for a limit. */
export interface GatePace {
  /** The most calls a second that are ever spent. */
  perSecond: number;
  /** The limit is not known: the rate begins with this and is learned, up to `perSecond`. */
  startPerSecond?: number;
  /** How much of the limit Graph takes at once after a pause, in milliseconds of it. */
  burstMs: number;
}

export interface Refusal {
  /** When the refused call began. */
  beganAt: Instant;
  /** Milliseconds of Retry-After; undefined where Graph named none. */
  retryAfterMs: number | undefined;
  why: string;
}

/** Calls bunch on their way, and clocks of instances differ a little: a full bucket is not emptied at once. */
const OF_BURST = 0.8;
/** Left over of a known rate, and of a measured one: calls bunch on their way. */
const MARGIN = 0.005;
/** A measure is off by about so many calls: those under way at either end. */
const UNDER_WAY = 3;
const WIDEST_MARGIN = 0.03;

/** A guess grows slowly: that costs nothing while Graph's bucket fills, and less is refused at its end. */
const GUESS_STEP_MS = 1_000;
const GUESS_GROWS_BY = 0.05;
/** Above this part of the bucket nobody waits: a higher rate would change nothing, and show nothing. */
const NOBODY_WAITS = 0.5;
/** A measured rate is tried for more in growing steps, for whoever else took a part may be gone. */
const RAISE_STEP_MS = 2_000;
const FIRST_RAISE = 0.02;
const GREATEST_RAISE = 0.1;
/** Each try that finds the same rate puts off the next. */
const FIRST_QUIET_MS = 8_000;
const QUIET_AFTER_SURPRISE_MS = 4_000;
const LONGEST_QUIET_MS = 60_000;
const SAME_RATE = 0.1;
const SAVED_IS_SPENT_AT = 0.15;

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

/** The clocks of instances differ by less. A level from further ahead was written before the clock was set back. */
const CLOCKS_DIFFER_MS = 2_000;

const LONG_AGO: Instant = '1970-01-01T00:00:00.000Z';

export const isKnown = ({ startPerSecond }: GatePace): boolean => startPerSecond === undefined;

const firstRate = ({ startPerSecond, perSecond }: GatePace): number => startPerSecond ?? perSecond;

export const freshBucket = (now: Instant, pace: GatePace): Bucket => ({
  rate: firstRate(pace),
  measuredBy: 0,
  foundRate: firstRate(pace),
  level: capacity(firstRate(pace), pace),
  levelAt: now,
  saved: 0,
  granted: 0,
  countedSince: now,
  isFromFull: true,
  raisedAt: now,
  raiseBy: FIRST_RAISE,
  quietMs: FIRST_QUIET_MS,
  refusedAt: LONG_AGO,
});

const capacity = (rate: number, { burstMs }: GatePace): number => Math.max(1, (rate * burstMs * OF_BURST) / 1000);

/** Tokens a second that are given away. */
export function spendable({ rate, measuredBy }: Bucket, pace: GatePace): number {
  if (isKnown(pace) && rate >= pace.perSecond) return rate * (1 - MARGIN);
  if (measuredBy === 0) return rate;
  return rate * (1 - Math.min(WIDEST_MARGIN, MARGIN + UNDER_WAY / measuredBy));
}

/** Whether those who want tokens have to wait for them. */
export const isScarce = (bucket: Bucket, pace: GatePace): boolean =>
  bucket.level <= capacity(bucket.rate, pace) * NOBODY_WAITS;

/** What came in since. Once the bucket is full, the time before tells nothing of Graph's rate any more. */
export function filled(bucket: Bucket, now: Instant, pace: GatePace): Bucket {
  if (now <= bucket.levelAt) return isSetBack(bucket, now) ? movedTo(bucket, now) : bucket;
  const elapsedMs = toMs(now) - toMs(bucket.levelAt);
  const fromSaved = Math.min(bucket.saved, (pace.perSecond * SAVED_IS_SPENT_AT * elapsedMs) / 1000);
  const level = bucket.level + (spendable(bucket, pace) * elapsedMs) / 1000 + fromSaved;
  const most = capacity(bucket.rate, pace);
  const at = { level: Math.min(most, level), levelAt: now, saved: bucket.saved - fromSaved };
  if (level < most) return { ...bucket, ...at };
  const rate = provenRate(bucket, pace);
  return {
    ...bucket,
    ...at,
    rate,
    level: capacity(rate, pace),
    granted: 0,
    countedSince: now,
    isFromFull: true,
    raisedAt: later(bucket.raisedAt, now),
    raiseBy: FIRST_RAISE,
  };
}

/** After a pause everything that was only tried is forgotten: a whole bucket at too high a rate would meet many refusals. */
function provenRate({ rate, foundRate, measuredBy }: Bucket, pace: GatePace): number {
  if (isKnown(pace)) return rate;
  return measuredBy === 0 ? firstRate(pace) : foundRate;
}

const isSetBack = ({ levelAt }: Bucket, now: Instant): boolean => toMs(levelAt) - toMs(now) > CLOCKS_DIFFER_MS;

function movedTo(bucket: Bucket, now: Instant): Bucket {
  const moved = (instant: Instant): Instant => addMs(instant, toMs(now) - toMs(bucket.levelAt));
  const { countedSince, raisedAt, refusedAt } = bucket;
  return {
    ...bucket,
    levelAt: now,
    countedSince: moved(countedSince),
    raisedAt: moved(raisedAt),
    refusedAt: moved(refusedAt),
  };
}

/** A higher rate, where it is time to try one: a guess grows until Graph refuses, a measured rate after a quiet while. */
export function grown(bucket: Bucket, now: Instant, closedUntil: Instant, pace: GatePace): Bucket {
  if (bucket.rate >= pace.perSecond) return bucket;
  if (!isScarce(bucket, pace)) return { ...bucket, raisedAt: later(bucket.raisedAt, now) };
  if (bucket.measuredBy === 0 && !isKnown(pace)) {
    const steps = stepsBetween(bucket.raisedAt, now, GUESS_STEP_MS);
    const raisedAt = addMs(bucket.raisedAt, steps * GUESS_STEP_MS);
    return steps === 0 ? bucket : raised(bucket, (1 + GUESS_GROWS_BY) ** steps, raisedAt, pace);
  }
  const from = later(bucket.raisedAt, addMs(later(bucket.refusedAt, closedUntil), bucket.quietMs));
  const steps = stepsBetween(from, now, RAISE_STEP_MS);
  let stepped = bucket;
  for (let step = 1; step <= steps && stepped.rate < pace.perSecond; step += 1) {
    const raiseBy = Math.min(GREATEST_RAISE, stepped.raiseBy * 2);
    stepped = { ...raised(stepped, 1 + stepped.raiseBy, addMs(from, step * RAISE_STEP_MS), pace), raiseBy };
  }
  return stepped;
}

const stepsBetween = (from: Instant, now: Instant, stepMs: number): number =>
  Math.max(0, Math.floor((toMs(now) - toMs(from)) / stepMs));

function raised(bucket: Bucket, factor: number, raisedAt: Instant, pace: GatePace): Bucket {
  const rate = Math.min(pace.perSecond, bucket.rate * factor);
  const higher = { ...bucket, rate, raisedAt };
  if (!isKnown(pace) || rate < pace.perSecond || bucket.isFromFull) return higher;
  // The full rate again, and nothing above it to try: Graph's bucket filled while less was spent.
  const sinceMs = toMs(bucket.levelAt) - toMs(bucket.countedSince);
  const cameIn = (rate * sinceMs) / 1000 - bucket.granted;
  return { ...higher, saved: within(cameIn - bucket.level, 0, capacity(rate, pace) - bucket.level) };
}

/** A refused call: counted like any other by Graph. The first of a storm begins counting anew; each tells more of the rate. */
export function refusedBy(bucket: Bucket, { isNew, beganAt, until }: Known, now: Instant, pace: GatePace): Bucket {
  if (isNew) return measured(emptied(bucket, now, until), pace);
  // Refused while the gate is closed for something else: that tells nothing of a storm from long ago.
  if (!bucket.storm || beganAt >= bucket.storm.until) return bucket;
  const storm = { ...bucket.storm, refusals: bucket.storm.refusals + 1, until: later(bucket.storm.until, until) };
  return measured({ ...bucket, storm, level: bucket.level - 1 }, pace);
}

/** What is known of a refusal: whether it begins a storm, and until when it closes the gate. */
interface Known {
  isNew: boolean;
  beganAt: Instant;
  until: Instant;
}

type Stormy = Bucket & { storm: Storm };

const emptied = (bucket: Bucket, now: Instant, until: Instant): Stormy => ({
  ...bucket,
  storm: {
    rate: bucket.rate,
    measuredBy: bucket.measuredBy,
    foundRate: bucket.foundRate,
    quietMs: bucket.quietMs,
    granted: bucket.granted,
    elapsedMs: toMs(now) - toMs(bucket.countedSince),
    isFromFull: bucket.isFromFull,
    refusals: 1,
    until,
  },
  level: -1,
  levelAt: now,
  saved: 0,
  granted: 0,
  countedSince: now,
  isFromFull: false,
  raisedAt: now,
  raiseBy: FIRST_RAISE,
  refusedAt: now,
});

/** What a storm of refusals teaches: all that Graph took since its bucket was empty, or full, came in, or was in it. */
function measured(bucket: Stormy, pace: GatePace): Bucket {
  const { storm } = bucket;
  const taken = storm.granted - storm.refusals;
  const isMeasure = storm.elapsedMs >= LEAST_MEASURED_MS && taken >= LEAST_MEASURED_BY;
  const found = isMeasure ? foundBy(storm, taken, pace) : storm.rate * LOWERED_UNMEASURED;
  const least = Math.max(firstRate(pace) * LEAST, storm.rate * LOWERED_AT_MOST_TO);
  const rate = within(found, least, pace.perSecond);
  return {
    ...bucket,
    rate,
    foundRate: rate,
    measuredBy: isMeasure ? taken : Math.max(1, storm.measuredBy),
    quietMs: quietAfter(storm, rate, taken),
  };
}

function foundBy(storm: Storm, taken: number, pace: GatePace): number {
  if (!storm.isFromFull) return (taken * 1000) / storm.elapsedMs;
  const seen = (taken * 1000) / (storm.elapsedMs + pace.burstMs);
  const wasKnown = isKnown(pace) || storm.measuredBy > 0;
  return wasKnown && seen > storm.rate * ALMOST_THE_RATE ? storm.rate * LOWERED_BY_SURPRISE : seen;
}

function quietAfter(storm: Storm, rate: number, taken: number): number {
  if (storm.isFromFull) return QUIET_AFTER_SURPRISE_MS;
  const isAsBefore = taken >= EXACTLY_MEASURED_BY && Math.abs(rate / storm.foundRate - 1) < SAME_RATE;
  return isAsBefore ? Math.min(LONGEST_QUIET_MS, storm.quietMs * 2) : FIRST_QUIET_MS;
}

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

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

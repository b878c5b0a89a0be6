import { clamp } from './clamp';
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
  /** What refusals show it to be when nobody else takes a part of it; 0 while that is not known. */
  usualRate: number;
  /** Tokens at `levelAt`; below 0 where some were given away ahead of time, or refused calls were counted. */
  level: number;
  levelAt: Instant;
  /** What came in besides while the rate was believed to be lower; spent a little at a time. */
  saved: number;
  /** Tokens given away since `countedSince`, when the bucket was full, or empty. */
  granted: number;
  countedSince: Instant;
  isFromFull: boolean;
  /** When the rate was raised last, and by how much it goes up next. */
  raisedAt: Instant;
  raiseBy: number;
  /** After how long without a refusal that begins, below what is usual, and at it. */
  quietMs: number;
  usualQuietMs: number;
  /** When the last storm of refusals began; a refusal of a call from before it tells nothing new. */
  refusedAt: Instant;
  storm?: Storm;
}

/** The bucket right before a storm of refusals, and how many of it there were so far. */
export interface Storm {
  rate: number;
  measuredBy: number;
  foundRate: number;
  usualRate: number;
  quietMs: number;
  usualQuietMs: number;
  granted: number;
  elapsedMs: number;
  isFromFull: boolean;
  refusals: number;
  /** Calls that were on their way to Graph when it began. */
  underWay: number;
  /** The gate is closed until then: whoever began before was under way. */
  until: Instant;
  /** It was doubted, or one before it since when much the same was found. */
  isDoubted: boolean;
  /** The storm before it was. */
  followsDoubt: boolean;
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
const OF_BURST = 0.9;
/** Left over of a known rate: what is kept back of the burst is there for calls that bunch on their way, and grows by this. */
const MARGIN_KNOWN = 0.002;
/** Left over of a measured one. */
const MARGIN = 0.005;
/** A measure is off by about so many calls: those under way at either end. */
const UNDER_WAY = 3;
const WIDEST_MARGIN = 0.03;

/** Above this part of the bucket nobody waits: a higher rate would change nothing, and show nothing. */
const NOBODY_WAITS = 0.5;
/** The clocks of instances differ by less. A level from further ahead was written before the clock was set back. */
const CLOCKS_DIFFER_MS = 2_000;

/** What is saved is spent at this part of the rate, besides it. */
const SAVED_IS_SPENT_AT = 0.2;
/** Of the bucket, what is saved while the gate is closed; the rest may go out at once. */
const SAVED_AT_MOST = 0.3;
/** The first try for more is a small one. */
export const FIRST_RAISE = 0.04;
export const FIRST_QUIET_MS = 5_000;
/** Beyond what is usual there seldom is more to be had. */
export const USUAL_QUIET_MS = 45_000;

const LONG_AGO: Instant = '1970-01-01T00:00:00.000Z';

export const isKnown = ({ startPerSecond }: GatePace): boolean => startPerSecond === undefined;

export const firstRate = ({ startPerSecond, perSecond }: GatePace): number => startPerSecond ?? perSecond;

export const freshBucket = (now: Instant, pace: GatePace): Bucket => ({
  rate: firstRate(pace),
  measuredBy: 0,
  foundRate: firstRate(pace),
  usualRate: isKnown(pace) ? pace.perSecond : 0,
  level: capacity(firstRate(pace), pace),
  levelAt: now,
  saved: 0,
  granted: 0,
  countedSince: now,
  isFromFull: true,
  raisedAt: now,
  raiseBy: FIRST_RAISE,
  quietMs: FIRST_QUIET_MS,
  usualQuietMs: USUAL_QUIET_MS,
  refusedAt: LONG_AGO,
});

export const capacity = (rate: number, { burstMs }: GatePace): number =>
  Math.max(1, (rate * burstMs * OF_BURST) / 1000);

/** Tokens a second that are given away. */
export function spendable({ rate, measuredBy }: Bucket, pace: GatePace): number {
  if (isKnown(pace) && rate >= pace.perSecond) return rate * (1 - MARGIN_KNOWN);
  if (measuredBy === 0) return rate;
  return rate * (1 - Math.min(WIDEST_MARGIN, MARGIN + UNDER_WAY / measuredBy));
}

/** Whether those who want tokens have to wait for them. */
export const isScarce = (bucket: Bucket, pace: GatePace): boolean =>
  bucket.level <= capacity(bucket.rate, pace) * NOBODY_WAITS;

/** What came in since. Once the bucket is full, the time before tells nothing of Graph's rate any more. */
export function filled(stored: Bucket, now: Instant, pace: GatePace): Bucket {
  const bucket = fitted(stored, pace);
  if (now <= bucket.levelAt) return isSetBack(bucket, now) ? movedTo(bucket, now) : bucket;
  const elapsedMs = toMs(now) - toMs(bucket.levelAt);
  const { level, saved } = cameIn(bucket, elapsedMs, pace);
  const most = capacity(bucket.rate, pace);
  if (level < most) return { ...bucket, level, saved, levelAt: now };
  const rate = provenRate(bucket, pace);
  return {
    ...bucket,
    rate,
    level: capacity(rate, pace),
    levelAt: now,
    saved: 0,
    granted: 0,
    countedSince: now,
    isFromFull: true,
    raisedAt: later(bucket.raisedAt, now),
    raiseBy: FIRST_RAISE,
  };
}

/** Somebody may have lowered, or raised, the limit since it was stored. */
function fitted(bucket: Bucket, pace: GatePace): Bucket {
  const { perSecond } = pace;
  const usualRate = isKnown(pace) ? perSecond : Math.min(bucket.usualRate, perSecond);
  if (bucket.rate <= perSecond && bucket.foundRate <= perSecond && bucket.usualRate === usualRate) return bucket;
  const rate = Math.min(bucket.rate, perSecond);
  const level = Math.min(bucket.level, capacity(rate, pace));
  return { ...bucket, rate, foundRate: Math.min(bucket.foundRate, perSecond), usualRate, level };
}

/** What comes in while the gate is closed is saved: too many calls at once would be under way if less came in than is believed. */
function cameIn(bucket: Bucket, elapsedMs: number, pace: GatePace): { level: number; saved: number } {
  const perMs = spendable(bucket, pace) / 1000;
  const closedMs = bucket.storm ? clamp(toMs(bucket.storm.until) - toMs(bucket.levelAt), 0, elapsedMs) : 0;
  const room = Math.max(0, capacity(bucket.rate, pace) * SAVED_AT_MOST - bucket.saved);
  const toSaved = clamp(bucket.level + perMs * closedMs, 0, Math.min(room, perMs * closedMs));
  const fromSaved = Math.min(bucket.saved + toSaved, (bucket.rate * SAVED_IS_SPENT_AT * (elapsedMs - closedMs)) / 1000);
  return {
    level: bucket.level + perMs * elapsedMs - toSaved + fromSaved,
    saved: bucket.saved + toSaved - fromSaved,
  };
}

/**
 * After a pause everything that was only tried is forgotten: a whole bucket at too high a rate would meet many refusals. What
 * is usual was not only tried.
 */
function provenRate({ rate, foundRate, usualRate, measuredBy }: Bucket, pace: GatePace): number {
  if (isKnown(pace)) return rate;
  if (usualRate > 0 && rate >= usualRate) return usualRate;
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

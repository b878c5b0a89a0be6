import { grown } from './bucketGrowth';
import { refusedBy, warnedBy } from './bucketRefusals';
import {
  type Bucket,
  type GatePace,
  type Refusal,
  filled,
  freshBucket,
  isKnown,
  isScarce,
  spendable,
} from './graphBucket';
import { type Instant, addMs, later } from './time';

/** What all instances know together about one limited Graph resource. */
export interface GateState {
  /** What Graph's own bucket of tokens is believed to hold, and how fast it fills. */
  bucket: Bucket;
  /** Refusals without a Retry-After in a row. */
  silentRefusals: number;
  /** No token before this: Graph throttled us, or refuses the tenant. */
  closedUntil: Instant;
  /** Why it was closed last, for health and people: an error code, or empty. */
  closedWhy: string;
  /** Where the line of those who wait for their turn ends. */
  lineEndsAt: Instant;
}

/** Tokens for one instance: the first `ready` may be spent at once, the next in `nextInMs`, each other one `gapMs` later. */
export interface Tokens {
  count: number;
  ready: number;
  nextInMs: number;
  gapMs: number;
}

export type Leased = { type: 'leased'; state: GateState; tokens: Tokens } | { type: 'notYet'; until: Instant };

/** Tokens are given away this far ahead at most: little is lost with an instance that dies, or refused once Graph refuses. */
const AHEAD_MS = 60;
const FIRST_SILENT_WAIT_MS = 1_000;
const LONGEST_SILENT_WAIT_MS = 60_000;
/** The line moves faster than the pace: who comes too early waits for a token, who comes too late leaves one unused. */
const LINE_FASTER = 1.1;
/** Of a limit that was learned there may be more some day. */
const LINE_FASTER_LEARNED = 1.25;
const LINE_FASTER_UNKNOWN = 2;

const LONG_AGO: Instant = '1970-01-01T00:00:00.000Z';

export const freshGate = (now: Instant, pace: GatePace): GateState => ({
  bucket: freshBucket(now, pace),
  silentRefusals: 0,
  closedUntil: now,
  closedWhy: '',
  lineEndsAt: LONG_AGO,
});

/** Calls a second now: the believed rate, less what is kept back for what can't be known of it. */
export const paceAt = (state: GateState, now: Instant, pace: GatePace): number =>
  spendable(bucketAt(state, now, pace), pace);

/** Whether calls wait for the gate: it is closed, or has few tokens left. */
export const isBusy = (state: GateState, now: Instant, pace: GatePace): boolean =>
  state.closedUntil > now || isScarce(bucketAt(state, now, pace), pace);

/** The bucket as time alone has left it. */
const bucketAt = ({ bucket, closedUntil }: GateState, now: Instant, pace: GatePace): Bucket =>
  grown(filled(bucket, now, pace), now, closedUntil, pace);

/**
 * Up to `wanted` tokens and the gate after they were given away, or from when on to ask again. Every instance takes from
 * the one state, so all together never spend more than the pace.
 */
export function leaseTokens(state: GateState, wanted: number, now: Instant, pace: GatePace): Leased {
  if (state.closedUntil > now) return { type: 'notYet', until: state.closedUntil };
  const bucket = bucketAt(state, now, pace);
  const perSecond = spendable(bucket, pace);
  const { level } = bucket;
  const ahead = (perSecond * AHEAD_MS) / 1000;
  const count = Math.min(wanted, Math.floor(level + ahead));
  if (count < 1) {
    const shortMs = ((1 - ahead - level) * 1000) / perSecond;
    return { type: 'notYet', until: addMs(later(now, bucket.levelAt), Math.ceil(shortMs)) };
  }
  const ready = Math.max(0, Math.min(count, Math.floor(level)));
  return {
    type: 'leased',
    state: { ...state, bucket: { ...bucket, level: level - count, granted: bucket.granted + count } },
    tokens: { count, ready, nextInMs: ((ready + 1 - level) * 1000) / perSecond, gapMs: 1000 / perSecond },
  };
}

export interface Places {
  state: GateState;
  from: Instant;
  gapMs: number;
}

/** `count` places in the line of those who wait for their turn. What Graph takes at once needs no waiting. */
export function leasePlaces(state: GateState, count: number, now: Instant, pace: GatePace): Places {
  const gapMs = 1000 / lineRate(state.bucket, pace);
  const from = later(state.lineEndsAt, addMs(now, -pace.burstMs));
  return { state: { ...state, lineEndsAt: addMs(from, Math.ceil(count * gapMs)) }, from, gapMs };
}

function lineRate({ rate, usualRate }: Bucket, pace: GatePace): number {
  if (isKnown(pace)) return pace.perSecond * LINE_FASTER;
  const isLearned = usualRate > 0;
  return Math.min(
    pace.perSecond,
    isLearned ? Math.max(rate, usualRate) * LINE_FASTER_LEARNED : rate * LINE_FASTER_UNKNOWN,
  );
}

/** Closes for everyone, never for shorter than it is closed already. */
export const closeGate = (state: GateState, until: Instant, why: string): GateState => ({
  ...state,
  closedUntil: later(state.closedUntil, until),
  closedWhy: why,
});

/** Graph answered 429: closed until it says, and the rate is what the refusal shows it to be. */
export function throttle(state: GateState, refusal: Refusal, now: Instant, pace: GatePace): GateState {
  const { closedUntil } = state;
  // What was under way when the gate closed is refused with it: one storm is counted once, not once a call.
  const isNew = refusal.beganAt > state.bucket.refusedAt && refusal.beganAt >= closedUntil;
  const isSilent = refusal.retryAfterMs === undefined;
  const silentRefusals = isSilent && isNew ? state.silentRefusals + 1 : state.silentRefusals;
  const until = addMs(now, refusal.retryAfterMs ?? silentWaitMs(silentRefusals));
  const here = filled(state.bucket, now, pace);
  const before = isNew ? grown(here, now, closedUntil, pace) : here;
  const bucket = refusedBy(before, { isNew, beganAt: refusal.beganAt, until }, now, pace);
  return closeGate({ ...state, bucket, silentRefusals }, until, refusal.why);
}

const silentWaitMs = (refusals: number): number =>
  Math.min(FIRST_SILENT_WAIT_MS * 2 ** Math.min(Math.max(0, refusals - 1), 10), LONGEST_SILENT_WAIT_MS);

/** Graph answered well. Where it warns that its limit is passed, the rate goes down before it has to refuse. */
export function observe(
  state: GateState,
  seen: { beganAt: Instant; throttlePercentage: number | undefined },
  now: Instant,
  pace: GatePace,
): GateState {
  if (seen.beganAt <= state.bucket.refusedAt) return state;
  const heard = state.silentRefusals === 0 ? state : { ...state, silentRefusals: 0 };
  const { throttlePercentage = 0 } = seen;
  if (throttlePercentage <= 1) return heard;
  return { ...heard, bucket: warnedBy(bucketAt(heard, now, pace), throttlePercentage, now, pace) };
}

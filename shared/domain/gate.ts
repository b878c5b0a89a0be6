import { type Instant, addMs, later, toMs } from './time';

/** What all instances know together about one limited Graph resource. */
export interface GateState {
  /** Calls a second at `paceSince`; it recovers from there by itself, so reading it needs no timer. */
  pace: number;
  paceSince: Instant;
  /** The pace goes down for calls that began after this only: one storm lowers it once, not once a call. */
  loweredAt: Instant;
  /** Refusals without a Retry-After in a row. */
  silentRefusals: number;
  /** From when on the next block of tokens may be spent. */
  nextBlockAt: Instant;
  /** No token before this: Graph throttled us, or refuses the tenant. */
  closedUntil: Instant;
  /** Why it was closed last, for health and people: an error code, or empty. */
  closedWhy: string;
}

/** Tokens that one instance may spend between two instants. */
export interface Block {
  from: Instant;
  until: Instant;
  tokens: number;
}

export interface GatePace {
  /** The most that is ever spent. */
  perSecond: number;
  blockMs: number;
}

/** No block starts further ahead than this: an instance that dies with one wastes little. */
export const FARTHEST_BLOCK_MS = 5_000;

const LOWERED_TO = 0.7;
/** Of the full pace: never so slow that nothing is learned. */
const LEAST = 0.05;
/** From the least to the full pace in two minutes. */
const RECOVERY_MS = 120_000;
/** Graph warns above this part of its limit (x-ms-throttle-limit-percentage, 0.8 to 1.8). */
const WARNS_ABOVE = 0.8;
const FIRST_SILENT_WAIT_MS = 1_000;
const LONGEST_SILENT_WAIT_MS = 60_000;

const LONG_AGO: Instant = '1970-01-01T00:00:00.000Z';

export const freshGate = (now: Instant, pace: GatePace): GateState => ({
  pace: pace.perSecond,
  paceSince: now,
  loweredAt: LONG_AGO,
  silentRefusals: 0,
  nextBlockAt: now,
  closedUntil: now,
  closedWhy: '',
});

/** Calls a second now: what it was lowered to, and more with every second since, up to the full pace. */
export function paceAt(state: GateState, now: Instant, pace: GatePace): number {
  const elapsedMs = Math.max(0, toMs(now) - toMs(state.paceSince));
  return Math.min(pace.perSecond, state.pace + (pace.perSecond * elapsedMs) / RECOVERY_MS);
}

export type Leased = { type: 'leased'; state: GateState; block: Block } | { type: 'notYet'; until: Instant };

/**
 * The next block and the gate after it was given away, or from when on to ask again. Blocks follow each other without
 * overlap, so all instances together never spend more than the pace.
 */
export function leaseBlock(state: GateState, now: Instant, pace: GatePace): Leased {
  if (state.closedUntil > now) return { type: 'notYet', until: state.closedUntil };
  const perSecond = paceAt(state, now, pace);
  const tokens = Math.max(1, Math.floor((perSecond * pace.blockMs) / 1000));
  const lengthMs = Math.ceil((tokens * 1000) / perSecond);
  const ahead = toMs(state.nextBlockAt) - toMs(now);
  // Further ahead than any block can be: the clock was set back since.
  const from = ahead > FARTHEST_BLOCK_MS + 2 * lengthMs ? now : later(now, state.nextBlockAt);
  if (toMs(from) - toMs(now) > FARTHEST_BLOCK_MS) return { type: 'notYet', until: from };
  const until = addMs(from, lengthMs);
  return { type: 'leased', state: { ...state, nextBlockAt: until }, block: { from, until, tokens } };
}

/** Closes for everyone, never for shorter than it is closed already. */
export const closeGate = (state: GateState, until: Instant, why: string): GateState => ({
  ...state,
  closedUntil: later(state.closedUntil, until),
  closedWhy: why,
});

export interface Refusal {
  /** When the refused call began. */
  beganAt: Instant;
  /** Milliseconds of Retry-After; undefined where Graph named none. */
  retryAfterMs: number | undefined;
  why: string;
}

/** Graph answered 429: closed until it says, and slower after it if the call began after the last lowering. */
export function throttle(state: GateState, refusal: Refusal, now: Instant, pace: GatePace): GateState {
  const isNew = refusal.beganAt > state.loweredAt;
  const lowered = isNew ? lower(state, LOWERED_TO, now, pace) : state;
  const silentRefusals = refusal.retryAfterMs === undefined && isNew ? state.silentRefusals + 1 : state.silentRefusals;
  const waitMs = refusal.retryAfterMs ?? silentWaitMs(silentRefusals);
  return closeGate({ ...lowered, silentRefusals }, addMs(now, waitMs), refusal.why);
}

const silentWaitMs = (refusals: number): number =>
  Math.min(FIRST_SILENT_WAIT_MS * 2 ** Math.min(refusals - 1, 10), LONGEST_SILENT_WAIT_MS);

/** Graph answered well. Where it warns that its limit is near, the pace goes down before it has to refuse. */
export function observe(
  state: GateState,
  seen: { beganAt: Instant; throttlePercentage: number | undefined },
  now: Instant,
  pace: GatePace,
): GateState {
  const { beganAt, throttlePercentage = 0 } = seen;
  if (beganAt <= state.loweredAt) return state;
  const heard = state.silentRefusals === 0 ? state : { ...state, silentRefusals: 0 };
  if (throttlePercentage <= WARNS_ABOVE) return heard;
  return lower(heard, Math.max(LOWERED_TO, WARNS_ABOVE / throttlePercentage), now, pace);
}

function lower(state: GateState, factor: number, now: Instant, pace: GatePace): GateState {
  const lowered = Math.max(pace.perSecond * LEAST, paceAt(state, now, pace) * factor);
  return { ...state, pace: lowered, paceSince: now, loweredAt: now };
}

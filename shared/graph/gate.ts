import {
  type Block,
  type GatePace,
  type GateState,
  type Refusal,
  closeGate,
  freshGate,
  leaseBlock,
  observe,
  paceAt,
  throttle,
} from '../domain/gate';
import type { Lane } from '../domain/nextStep';
import { type Instant, addMs, later, toMs } from '../domain/time';
import type { Gates } from '../tables/gates';

export type Taken = { ok: true } | { ok: false; until: Instant };

export interface GateParts {
  gates: Gates;
  limit: string;
  pace: GatePace;
  now: () => Instant;
  monotonicMs: () => number;
}

/** How long an instance trusts what it read of the gate when it only estimates. */
const STATE_KEPT_MS = 5_000;
const MOST_TRIES = 10;
/** The table server's clock is known to a second at first, and steps forward by less than that as it becomes known better. */
const CLOCK_STEP_MS = 1000;
/** While lane 0 went away without a token this recently, lane 1 gets its share and no more. */
const LANE_0_WAITS_MS = 5_000;
const LANE_1_SHARE = 0.1;

/** Tokens in hand, on the monotonic clock: the block ends by it whatever other clocks do. */
interface HeldBlock {
  fromMs: number;
  untilMs: number;
  fromAt: Instant;
  left: number;
  leftForLane1: number;
}

/**
 * Paces the calls to one limited Graph resource, for all instances together: each leases short blocks of tokens from
 * one entity. Estimates reserve nothing; a token is taken right before a call. Nothing here waits.
 */
export function makeGate({ gates, limit, pace, now, monotonicMs }: GateParts) {
  let block: HeldBlock | undefined;
  let leasing: Promise<Taken> | undefined;
  let seen: { state: GateState; at: number } | undefined;
  let lastPlace: Instant | undefined;
  let lane0WaitedAt = -Infinity;
  let refusedHere: { until: Instant; untilMs: number } | undefined;

  const remember = (state: GateState): GateState => {
    seen = { state, at: monotonicMs() };
    return state;
  };

  const readFresh = async (): Promise<{ state: GateState; etag: string | undefined }> => {
    const found = await gates.read(limit);
    return { state: remember(found?.state ?? freshGate(now(), pace)), etag: found?.etag };
  };

  const known = async (): Promise<GateState> =>
    seen && monotonicMs() - seen.at < STATE_KEPT_MS ? seen.state : (await readFresh()).state;

  /** Changes the entity, again when another instance was faster; gives up after a few tries, for it is only a pace. */
  const update = async (change: (state: GateState) => GateState): Promise<GateState> => {
    for (let attempt = 1; ; attempt += 1) {
      const { state, etag } = await readFresh();
      const changed = change(state);
      const isDone = changed === state || (await gates.write(limit, changed, etag));
      if (isDone || attempt === MOST_TRIES) return remember(changed);
    }
  };

  const placeAfter = (state: GateState, last: Instant | undefined): Instant => {
    const gapMs = 1000 / paceAt(state, now(), pace);
    return later(now(), later(state.closedUntil, last === undefined ? undefined : addMs(last, gapMs)));
  };

  /** When a call may be possible: each caller gets the next place in a line at the gate's pace. */
  const estimate = async (): Promise<Instant> => {
    const state = await known();
    lastPlace = placeAfter(state, lastPlace);
    return lastPlace;
  };

  /** What the next estimates would be, one after the other: for who only looks. Takes no place in the line. */
  const foresee = async (): Promise<() => Instant> => {
    const state = await known();
    let place = lastPlace;
    return () => (place = placeAfter(state, place));
  };

  const hold = (leased: Block): void => {
    const offset = monotonicMs() - toMs(now());
    block = {
      fromMs: toMs(leased.from) + offset,
      untilMs: toMs(leased.until) + offset,
      fromAt: leased.from,
      left: leased.tokens,
      leftForLane1: Math.max(1, Math.ceil(leased.tokens * LANE_1_SHARE)),
    };
  };

  const lease = async (): Promise<Taken> => {
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const { state, etag } = await readFresh();
      const leased = leaseBlock(state, now(), pace);
      if (leased.type === 'notYet') return { ok: false, until: leased.until };
      if (await gates.write(limit, leased.state, etag)) {
        remember(leased.state);
        hold(leased.block);
        return { ok: true };
      }
    }
    return { ok: false, until: addMs(now(), pace.blockMs) };
  };

  /** Undefined when the block in hand is used up or over. */
  const fromBlock = (lane: Lane): Taken | undefined => {
    const at = monotonicMs();
    if (!block || at >= block.untilMs || block.left <= 0) return undefined;
    if (at < block.fromMs) return { ok: false, until: block.fromAt };
    if (lane === 1) {
      const isLane0Waiting = at - lane0WaitedAt < LANE_0_WAITS_MS;
      if (isLane0Waiting && block.leftForLane1 <= 0) return { ok: false, until: addMs(now(), block.untilMs - at) };
      block.leftForLane1 -= 1;
    }
    block.left -= 1;
    return { ok: true };
  };

  const sendAway = async (lane: Lane, until: Instant): Promise<Taken> => {
    if (lane === 0) lane0WaitedAt = monotonicMs();
    return { ok: false, until: later(await estimate(), until) };
  };

  /** What is left of Graph's Retry-After by the monotonic clock, where a step of the table server's clock would cut it short. */
  const leftOfRefusalMs = (): number => {
    if (!refusedHere || now() >= addMs(refusedHere.until, CLOCK_STEP_MS)) return 0;
    return Math.max(0, refusedHere.untilMs - monotonicMs());
  };

  /** A token for one call now, or when to come back. Callers of one instance share one lease at a time. */
  const take = async (lane: Lane): Promise<Taken> => {
    const leftMs = leftOfRefusalMs();
    if (leftMs > 0) return sendAway(lane, addMs(now(), leftMs));
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const taken = fromBlock(lane);
      if (taken) return taken.ok ? taken : sendAway(lane, taken.until);
      leasing ??= lease().finally(() => (leasing = undefined));
      const leased = await leasing;
      if (!leased.ok) return sendAway(lane, leased.until);
    }
    // Others had the tokens each time, or tables are so slow that a block is over before it is had.
    return sendAway(lane, addMs(now(), pace.blockMs));
  };

  /** Closes the gate for every instance; the tokens in hand are void. */
  const close = async (until: Instant, why: string): Promise<void> => {
    block = undefined;
    await update((state) => closeGate(state, until, why));
  };

  /** Graph answered 429. */
  const refused = async (refusal: Refusal): Promise<void> => {
    block = undefined;
    const at = { now: now(), monotonicMs: monotonicMs() };
    const { closedUntil } = await update((state) => throttle(state, refusal, at.now, pace));
    refusedHere = { until: closedUntil, untilMs: at.monotonicMs + toMs(closedUntil) - toMs(at.now) };
  };

  /** Graph answered well; writes only where that changes the pace. */
  const answered = async (beganAt: Instant, throttlePercentage: number | undefined): Promise<void> => {
    const state = await known();
    const outcome = { beganAt, throttlePercentage };
    if (observe(state, outcome, now(), pace) !== state) await update((fresh) => observe(fresh, outcome, now(), pace));
  };

  return { estimate, foresee, take, close, refused, answered, read: async () => (await readFresh()).state };
}

export type Gate = ReturnType<typeof makeGate>;

/** Two limits at once, the wider one first: a token of it is lost when the narrower one has none. */
export const bothGates = (first: Gate, second: Gate): Gate => ({
  estimate: async () => later(await first.estimate(), await second.estimate()),
  foresee: async () => {
    const [next, nextOfSecond] = await Promise.all([first.foresee(), second.foresee()]);
    return () => later(next(), nextOfSecond());
  },
  take: async (lane) => {
    const taken = await first.take(lane);
    return taken.ok ? second.take(lane) : taken;
  },
  close: async (until, why) => {
    await Promise.all([first.close(until, why), second.close(until, why)]);
  },
  refused: async (refusal) => {
    await Promise.all([first.refused(refusal), second.refused(refusal)]);
  },
  answered: async (beganAt, throttlePercentage) => {
    await Promise.all([first.answered(beganAt, throttlePercentage), second.answered(beganAt, throttlePercentage)]);
  },
  read: async () => {
    const states = await Promise.all([first.read(), second.read()]);
    return states[0].closedUntil >= states[1].closedUntil ? states[0] : states[1];
  },
});

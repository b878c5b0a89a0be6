import { type Instant, addMs, later, toMs } from './time';

/** What all instances know together about one limited Graph resource. */
export interface GateState {
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
  perSecond: number;
  blockMs: number;
}

/** No block starts further ahead than this: an instance that dies with one wastes little. */
export const FARTHEST_BLOCK_MS = 5_000;

export const freshGate = (now: Instant): GateState => ({ nextBlockAt: now, closedUntil: now, closedWhy: '' });

export type Leased = { type: 'leased'; state: GateState; block: Block } | { type: 'notYet'; until: Instant };

/**
 * The next block and the gate after it was given away, or from when on to ask again. Blocks follow each other without
 * overlap, so all instances together never spend more than the pace.
 */
export function leaseBlock(state: GateState, now: Instant, pace: GatePace): Leased {
  if (state.closedUntil > now) return { type: 'notYet', until: state.closedUntil };
  const from = later(now, state.nextBlockAt);
  if (toMs(from) - toMs(now) > FARTHEST_BLOCK_MS) return { type: 'notYet', until: from };
  // A pace below one a block stretches the block until it holds a whole token.
  const until = addMs(from, Math.max(pace.blockMs, 1000 / pace.perSecond));
  const tokens = Math.max(1, Math.floor((pace.perSecond * pace.blockMs) / 1000));
  return { type: 'leased', state: { ...state, nextBlockAt: until }, block: { from, until, tokens } };
}

/** Closes for everyone, never for shorter than it is closed already. */
export const closeGate = (state: GateState, until: Instant, why: string): GateState => ({
  ...state,
  closedUntil: later(state.closedUntil, until),
  closedWhy: why,
});

import { type Block, type GatePace, type GateState, closeGate, freshGate, leaseBlock } from '../domain/gate';
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

/**
 * Paces the calls to one limited Graph resource, for all instances together: each leases short blocks of tokens from
 * one entity. Estimates reserve nothing; a token is taken right before a call. Nothing here waits.
 */
export function makeGate({ gates, limit, pace, now, monotonicMs }: GateParts) {
  let block: { from: number; until: number; fromAt: Instant; tokens: number } | undefined;
  let leasing: Promise<Taken> | undefined;
  let seen: { state: GateState; at: number } | undefined;
  let lastSlot: Instant = '';

  const remember = (state: GateState): GateState => {
    seen = { state, at: monotonicMs() };
    return state;
  };

  const state = async (): Promise<GateState> => {
    if (seen && monotonicMs() - seen.at < STATE_KEPT_MS) return seen.state;
    return remember((await gates.read(limit))?.state ?? freshGate(now()));
  };

  /** When a call may be possible: each caller gets the next place in a line at the gate's pace. */
  const estimate = async (): Promise<Instant> => {
    const { closedUntil } = await state();
    const place = later(
      now(),
      later(closedUntil, lastSlot === '' ? undefined : addMs(lastSlot, 1000 / pace.perSecond)),
    );
    lastSlot = place;
    return place;
  };

  const keep = (leased: Block): void => {
    const offset = monotonicMs() - toMs(now());
    block = {
      from: toMs(leased.from) + offset,
      until: toMs(leased.until) + offset,
      fromAt: leased.from,
      tokens: leased.tokens,
    };
  };

  const lease = async (): Promise<Taken> => {
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const found = await gates.read(limit);
      const leased = leaseBlock(remember(found?.state ?? freshGate(now())), now(), pace);
      if (leased.type === 'notYet') return { ok: false, until: leased.until };
      if (await gates.write(limit, leased.state, found?.etag)) {
        remember(leased.state);
        keep(leased.block);
        return { ok: true };
      }
    }
    return { ok: false, until: addMs(now(), pace.blockMs) };
  };

  const fromBlock = (): Taken | undefined => {
    const at = monotonicMs();
    if (!block || at >= block.until || block.tokens <= 0) return undefined;
    if (at < block.from) return { ok: false, until: block.fromAt };
    block.tokens -= 1;
    return { ok: true };
  };

  /** A token for one call now, or when to come back. Callers of one instance share one lease at a time. */
  const take = async (): Promise<Taken> => {
    for (;;) {
      const taken = fromBlock();
      if (taken) return taken.ok ? taken : { ok: false, until: later(await estimate(), taken.until) };
      leasing ??= lease().finally(() => (leasing = undefined));
      const leased = await leasing;
      if (!leased.ok) return { ok: false, until: later(await estimate(), leased.until) };
    }
  };

  /** Closes the gate for every instance; the tokens in hand are void. */
  const close = async (until: Instant, why: string): Promise<void> => {
    block = undefined;
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const found = await gates.read(limit);
      const closed = closeGate(found?.state ?? freshGate(now()), until, why);
      if (await gates.write(limit, closed, found?.etag)) {
        remember(closed);
        return;
      }
    }
  };

  return { estimate, take, close, read: async () => (await gates.read(limit))?.state ?? freshGate(now()) };
}

export type Gate = ReturnType<typeof makeGate>;

import { type GateState, leasePlaces, paceAt } from '../domain/gate';
import type { GatePace } from '../domain/graphBucket';
import { type Instant, addMs, later, toMs } from '../domain/time';
import type { SharedGate } from './sharedGate';

interface PlaceLineParts {
  shared: SharedGate;
  pace: GatePace;
  now: () => Instant;
}

/** So much of the line that all share an instance takes at once. */
const CHUNK_MS = 1_000;

/**
 * When those may send who are stored now: one line for all instances, in chunks of a second. While nobody waits a place
 * costs no table call. Places bind nobody: a token is what counts.
 */
export function makePlaceLine({ shared, pace, now }: PlaceLineParts) {
  let chunk: { nextMs: number; gapMs: number; left: number } | undefined;
  let refilling: Promise<void> | undefined;
  let freeAtMs = -Infinity;
  let retryAtMs = -Infinity;

  const openFrom = ({ closedUntil }: GateState): Instant => later(now(), closedUntil);

  const fromChunk = (state: GateState): Instant | undefined => {
    if (!chunk || chunk.left === 0) return undefined;
    const place = addMs(now(), Math.floor(chunk.nextMs - toMs(now())));
    chunk = { ...chunk, nextMs: chunk.nextMs + chunk.gapMs, left: chunk.left - 1 };
    return later(openFrom(state), place);
  };

  /** Nobody waits, and not more come here than the pace and what Graph takes at once. */
  const isFree = (state: GateState): boolean => {
    const nowMs = toMs(now());
    if (state.lineEndsAt > now() || freeAtMs > nowMs) return false;
    freeAtMs = Math.max(freeAtMs, nowMs - pace.burstMs) + 1000 / paceAt(state, now(), pace);
    return true;
  };

  const refill = async (): Promise<void> => {
    let taken = chunk;
    await shared.update((state) => {
      const left = Math.ceil(CHUNK_MS / leasePlaces(state, 1, now(), pace).gapMs);
      const { state: after, from, gapMs } = leasePlaces(state, left, now(), pace);
      taken = { nextMs: toMs(from), gapMs, left };
      return after;
    });
    chunk = taken;
  };

  /** The next place. */
  const estimate = async (): Promise<Instant> => {
    for (;;) {
      const state = await shared.known();
      const place = fromChunk(state) ?? (isFree(state) ? openFrom(state) : undefined);
      if (place !== undefined) return place;
      refilling ??= refill().finally(() => (refilling = undefined));
      await refilling;
    }
  };

  /** What the next places would be, one after the other: for who only looks. Takes none. */
  const foresee = async (): Promise<() => Instant> => {
    const state = await shared.known();
    const { from, gapMs } = leasePlaces(state, 1, now(), pace);
    let nextMs = toMs(from);
    return () => {
      const place = addMs(from, Math.floor(nextMs - toMs(from)));
      nextMs += gapMs;
      return later(openFrom(state), place);
    };
  };

  /** Moves the end of the line behind so many who foresaw their places. */
  const reserve = async (count: number): Promise<void> => {
    if (count > 0) await shared.update((state) => leasePlaces(state, count, now(), pace).state);
  };

  /** For who was at the front and has to come again: soon, one after the other. */
  const retryPlace = async (from: Instant): Promise<Instant> => {
    const state = await shared.known();
    const gapMs = 1000 / paceAt(state, now(), pace);
    retryAtMs = Math.max(toMs(later(openFrom(state), from)), retryAtMs + gapMs);
    return addMs(now(), Math.ceil(retryAtMs - toMs(now())));
  };

  return { estimate, foresee, reserve, retryPlace };
}

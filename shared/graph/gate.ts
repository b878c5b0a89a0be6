import { type GateState, closeGate, isBusy, leaseTokens, observe, paceAt, throttle } from '../domain/gate';
import type { Refusal } from '../domain/graphBucket';
import type { Lane } from '../domain/nextStep';
import { type Instant, addMs, toMs } from '../domain/time';
import { makePlaceLine } from './placeLine';
import { MOST_TRIES, type SharedGateParts, makeSharedGate } from './sharedGate';
import { type Lease, makeTokenLine } from './tokenLine';

export type Taken = { ok: true } | { ok: false; until: Instant };

/** What a gate lets through, for all instances together. */
export interface Demand {
  perSecond: number;
  /** Callers wait for their turn. */
  isBusy: boolean;
  closedUntil: Instant | undefined;
}

export interface GateParts extends SharedGateParts {
  sleep: (ms: number) => Promise<unknown>;
  random: () => number;
  /** Milliseconds that a caller waits for a token rather than come again. */
  mostWaitMs: number;
}

/** The table server's clock is known to a second at first, and steps forward by less than that as it becomes known better. */
const CLOCK_STEP_MS = 1000;

/**
 * Paces the calls to one limited Graph resource, for all instances together: each leases tokens from one entity, as many
 * as it has callers waiting. A token is taken right before a call. Where none comes soon the caller is told when to come
 * again. Throws `TablesUnavailableError`.
 */
export function makeGate(parts: GateParts) {
  const { pace, now, monotonicMs } = parts;
  const shared = makeSharedGate(parts);
  const places = makePlaceLine({ shared, pace, now });
  let refusedHere: { until: Instant; untilMs: number } | undefined;

  const msUntil = (until: Instant): number => Math.max(0, toMs(until) - toMs(now()));

  /** What is left of Graph's Retry-After by the monotonic clock, where a step of the table server's clock would cut it short. */
  const leftOfRefusalMs = (): number => {
    if (!refusedHere || now() >= addMs(refusedHere.until, CLOCK_STEP_MS)) return 0;
    return Math.max(0, refusedHere.untilMs - monotonicMs());
  };

  const lease = async (wanted: number): Promise<Lease> => {
    const leftMs = leftOfRefusalMs();
    if (leftMs > 0) return { type: 'notYet', forMs: leftMs };
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const { state, etag } = await shared.readFresh();
      const leased = leaseTokens(state, wanted, now(), pace);
      if (leased.type === 'notYet') return { type: 'notYet', forMs: msUntil(leased.until) };
      if (await shared.write(leased.state, etag)) return leased;
    }
    return { type: 'notYet', forMs: 0 };
  };

  const line = makeTokenLine({ ...parts, lease });

  /** A token for one call now, or when to come back. */
  const take = async (lane: Lane, mostWaitMs = parts.mostWaitMs): Promise<Taken> =>
    (await line.wait(lane, mostWaitMs)) ? { ok: true } : { ok: false, until: await places.retryPlace(now()) };

  /** When to come back, where the gate is closed for longer than a caller waits: before anything is done for the call. */
  const shutUntil = async (): Promise<Instant | undefined> => {
    const { closedUntil } = await shared.known();
    return msUntil(closedUntil) > parts.mostWaitMs ? places.retryPlace(closedUntil) : undefined;
  };

  /** Closes the gate for every instance; the tokens in hand are void. */
  const close = async (until: Instant, why: string): Promise<void> => {
    line.dropHand();
    await shared.update((state) => closeGate(state, until, why));
  };

  /** Graph answered 429. */
  const refused = async (refusal: Refusal): Promise<void> => {
    line.dropHand();
    const at = { now: now(), monotonicMs: monotonicMs() };
    const closeHere = (until: Instant): void => {
      refusedHere = { until, untilMs: at.monotonicMs + toMs(until) - toMs(at.now) };
    };
    // At once, and not only when all instances are told: what was leased meanwhile would be refused.
    if (leftOfRefusalMs() === 0) closeHere(addMs(at.now, refusal.retryAfterMs ?? 0));
    const { closedUntil } = await shared.update((state) => throttle(state, refusal, at.now, pace));
    closeHere(closedUntil);
  };

  /** Graph answered well; writes only where that changes the pace. */
  const answered = async (beganAt: Instant, throttlePercentage: number | undefined): Promise<void> => {
    const outcome = { beganAt, throttlePercentage };
    const state = await shared.known();
    if (observe(state, outcome, now(), pace) === state) return;
    await shared.update((fresh) => observe(fresh, outcome, now(), pace));
  };

  return {
    ...places,
    shutUntil,
    take,
    close,
    refused,
    answered,
    /** Closes for something else that is limited: nobody gets further without it. */
    pause: close,
    read: async (): Promise<GateState> => (await shared.readFresh()).state,
    /** Gives back a token that was not spent: to whoever waits here, or nobody. */
    giveBack: (): void => {
      if (leftOfRefusalMs() === 0) line.giveBack();
    },
    /** Calls a second that may be made now, and whether some wait for their turn. */
    demand: async (): Promise<Demand> => {
      const { state } = await shared.readFresh();
      const { closedUntil } = state;
      return {
        perSecond: paceAt(state, now(), pace),
        isBusy: isBusy(state, now(), pace),
        closedUntil: closedUntil > now() ? closedUntil : undefined,
      };
    },
  };
}

export type Gate = ReturnType<typeof makeGate>;

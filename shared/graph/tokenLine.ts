import type { Tokens } from '../domain/gate';
import type { Lane } from '../domain/nextStep';

/** Tokens, or for how many milliseconds there are none. */
export type Lease = { type: 'leased'; tokens: Tokens } | { type: 'notYet'; forMs: number };

export interface TokenLineParts {
  /** Up to `wanted` tokens of those that all instances share. */
  lease: (wanted: number) => Promise<Lease>;
  monotonicMs: () => number;
  sleep: (ms: number) => Promise<unknown>;
  random: () => number;
}

interface Waiter {
  lane: Lane;
  /** By the monotonic clock. */
  goesAtMs: number;
  /** False: goes away without a token. */
  settle: (hasToken: boolean) => void;
  fail: (error: unknown) => void;
}

interface Hand {
  left: number;
  ready: number;
  nextAtMs: number;
  gapMs: number;
}

/** Lane 1 gets every tenth token while lane 0 waits too. */
const LANE_1_EVERY = 10;
/** With nothing to be had, other instances have it: asking again is put off, twice as long each time. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

/**
 * Those of one instance who wait for a token, first come, first served. It leases as many as there are who wait, and
 * gives them out in time. Who would have to wait for longer than he can goes away at once.
 */
export function makeTokenLine({ lease, monotonicMs, sleep, random }: TokenLineParts) {
  const lanes: Record<Lane, Waiter[]> = { 0: [], 1: [] };
  let hand: Hand | undefined;
  let isServing = false;
  /** Those who wait sleep until then: there are no tokens before. */
  let noneBeforeMs = -Infinity;
  let drops = 0;
  let given = 0;
  let pauseMs = 0;

  const count = (): number => lanes[0].length + lanes[1].length;

  const giveOne = (): void => {
    given += 1;
    const first: Lane = lanes[0].length === 0 || (lanes[1].length > 0 && given % LANE_1_EVERY === 0) ? 1 : 0;
    lanes[first].shift()?.settle(true);
  };

  /** Gives out what is due of the tokens in hand; how many milliseconds until the next one is, undefined without any. */
  const giveDue = (): number | undefined => {
    while (hand && hand.left > 0 && count() > 0) {
      const inMs = hand.ready > 0 ? 0 : hand.nextAtMs - monotonicMs();
      if (inMs > 0) return inMs;
      hand.left -= 1;
      if (hand.ready > 0) hand.ready -= 1;
      else hand.nextAtMs += hand.gapMs;
      giveOne();
    }
    hand = undefined;
    return undefined;
  };

  const sendAwayBefore = (atMs: number): void => {
    for (const lane of [0, 1] as const) {
      const staying = lanes[lane].filter(({ goesAtMs }) => goesAtMs >= atMs);
      const going = lanes[lane].filter(({ goesAtMs }) => goesAtMs < atMs);
      lanes[lane] = staying;
      for (const waiter of going) waiter.settle(false);
    }
  };

  const leaseMore = async (): Promise<void> => {
    // Where tokens come one by one it is never said that none comes soon.
    sendAwayBefore(monotonicMs());
    if (count() === 0) return;
    const dropsBefore = drops;
    const leased = await lease(count());
    if (leased.type === 'leased') {
      if (drops !== dropsBefore) return;
      const { count: left, ready, nextInMs, gapMs } = leased.tokens;
      hand = { left, ready, nextAtMs: monotonicMs() + nextInMs, gapMs };
      pauseMs = 0;
      return;
    }
    noneBeforeMs = monotonicMs() + leased.forMs;
    sendAwayBefore(noneBeforeMs);
    if (count() === 0) return;
    pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
    await sleep(Math.max(leased.forMs, pauseMs * (0.5 + random() / 2)));
  };

  const failAll = (error: unknown): void => {
    const failed = [...lanes[0], ...lanes[1]];
    lanes[0] = [];
    lanes[1] = [];
    for (const waiter of failed) waiter.fail(error);
  };

  /** Nothing is awaited between the look that finds nobody and the end: who comes after it begins anew. */
  const serve = async (): Promise<void> => {
    isServing = true;
    try {
      while (count() > 0) {
        const inMs = giveDue();
        if (inMs !== undefined) await sleep(Math.ceil(inMs));
        else if (count() > 0) await leaseMore();
      }
    } catch (error) {
      failAll(error);
    } finally {
      isServing = false;
      noneBeforeMs = -Infinity;
    }
  };

  /** True with a token, false where there is none in that time. Throws what `lease` throws. */
  const wait = (lane: Lane, mostWaitMs: number): Promise<boolean> =>
    new Promise((settle, fail) => {
      const goesAtMs = monotonicMs() + mostWaitMs;
      if (goesAtMs < noneBeforeMs) {
        settle(false);
        return;
      }
      lanes[lane].push({ lane, goesAtMs, settle, fail });
      if (!isServing) void serve();
    });

  return {
    wait,
    giveBack: (): void => {
      if (count() > 0) giveOne();
    },
    /** The tokens in hand are worth nothing any more, nor are those of a lease that is under way. */
    dropHand: (): void => {
      hand = undefined;
      drops += 1;
    },
  };
}

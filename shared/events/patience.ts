/** So many failures in a row may be chance, or a receiver that restarts. */
const FAILURES_BEFORE = 3;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** For one attempt that looks whether the receiver is well again; the others wait for what it comes to. */
const PROBE_MS = 30_000;

interface Failing {
  inARow: number;
  /** The last failure that was counted. */
  countedAtMs: number;
  /** No attempt before. */
  untilMs: number;
}

/**
 * What this instance knows of receivers that fail, so that one that hangs with ten thousand events before it takes neither
 * the app's time nor its turn from the others. Forgotten when the process ends: it only saves work.
 */
export function makePatience(monotonicMs: () => number) {
  const failing = new Map<string, Failing>();

  /** For how long to leave a subscription's receiver alone; 0: attempt it now, and say what it came to. */
  const pauseMs = (id: string): number => {
    const known = failing.get(id);
    if (!known || known.inARow < FAILURES_BEFORE) return 0;
    const now = monotonicMs();
    if (now < known.untilMs) return known.untilMs - now;
    failing.set(id, { ...known, untilMs: now + PROBE_MS });
    return 0;
  };

  const succeeded = (id: string): void => void failing.delete(id);

  /** Attempts that were under way together are one failure: they say no more than one of them. */
  const failed = (id: string, beganAtMs: number): void => {
    const known = failing.get(id);
    if (known && beganAtMs <= known.countedAtMs) return;
    const inARow = (known?.inARow ?? 0) + 1;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, inARow - FAILURES_BEFORE), LONGEST_PAUSE_MS);
    const now = monotonicMs();
    failing.set(id, { inARow, countedAtMs: now, untilMs: now + pause });
  };

  return { pauseMs, succeeded, failed, monotonicMs };
}

export type Patience = ReturnType<typeof makePatience>;

/** A strict bucket: full at first, refilled evenly, and no call is granted without a token. */
export interface Limit {
  perSecond: number;
  burst: number;
}

/** From an instant on, what other apps take of the refill. */
export interface Share {
  fromMs: number;
  perSecond: number;
}

/**
 * The earliest time, in ms after a start with a full bucket at 0, at which `calls` calls can have been granted. `others`
 * are in the order of time.
 */
export function idealMs(calls: number, limit: Limit, others: readonly Share[] = []): number {
  let missing = calls - limit.burst;
  if (missing <= 0) return 0;
  const stretches = [{ fromMs: 0, perSecond: 0 }, ...others];
  for (const [nth, { fromMs, perSecond }] of stretches.entries()) {
    const perMs = (limit.perSecond - perSecond) / 1000;
    const untilMs = stretches[nth + 1]?.fromMs ?? Infinity;
    const granted = (untilMs - fromMs) * perMs;
    if (granted >= missing) return fromMs + missing / perMs;
    missing -= granted;
  }
  return Infinity;
}

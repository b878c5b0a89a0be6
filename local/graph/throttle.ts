import type { Throttle } from './behaviour';

/** A token bucket: full at first, refilled with time. Tokens go below zero while refused calls count. */
export interface Bucket {
  tokens: number;
  filledAtMs: number;
}

export type Admission =
  { type: 'admitted'; headers: Record<string, string> } | { type: 'refused'; headers: Record<string, string> };

export const fullBucket = (throttle: Throttle, nowMs: number): Bucket => ({
  tokens: throttle.burst,
  filledAtMs: nowMs,
});

/** What a call asks for; one token, and all of the refill is there to be had, unless told. */
export interface Demand {
  count?: number;
  /** Tokens a second that others take before they get into the bucket. */
  othersPerSecond?: number;
}

/**
 * Takes `count` tokens for a call, changing the bucket, and tells whether the call may go on and which headers tell it so.
 */
export function admit(
  bucket: Bucket,
  throttle: Throttle,
  nowMs: number,
  { count = 1, othersPerSecond = 0 }: Demand = {},
): Admission {
  refill(bucket, throttle, nowMs, othersPerSecond);
  const isRefused = bucket.tokens < count;
  if (!isRefused || throttle.refusedCallsCount) {
    // The floor keeps a caller who never backs off from being locked out for good.
    bucket.tokens = Math.max(bucket.tokens - count, -throttle.burst);
  }
  const headers = warning(bucket, throttle);
  if (!isRefused) return { type: 'admitted', headers };
  const waitMs = ((count - bucket.tokens) / leftOf(throttle, othersPerSecond)) * 1000;
  return { type: 'refused', headers: { ...headers, ...retryAfter(throttle.retryAfter, waitMs, nowMs) } };
}

/** Brings the bucket to now. To be called before a rate changes, for what has passed went by the one before. */
export function refill(bucket: Bucket, throttle: Throttle, nowMs: number, othersPerSecond = 0): void {
  const elapsedMs = Math.max(0, nowMs - bucket.filledAtMs);
  const refilled = bucket.tokens + (elapsedMs / 1000) * leftOf(throttle, othersPerSecond);
  bucket.tokens = Math.min(throttle.burst, refilled);
  bucket.filledAtMs = nowMs;
}

/** Others may take all but a hundredth: a wait without an end could not be told in a Retry-After. */
const leftOf = ({ ratePerSecond }: Throttle, othersPerSecond: number): number =>
  Math.max(ratePerSecond - othersPerSecond, ratePerSecond / 100);

function warning(bucket: Bucket, throttle: Throttle): Record<string, string> {
  const used = ((throttle.burst - bucket.tokens) / throttle.burst).toFixed(2);
  if (!throttle.warn || Number(used) < 0.8) return {};
  return { 'x-ms-throttle-limit-percentage': Number(used) > 1.8 ? '1.80' : used };
}

function retryAfter(form: Throttle['retryAfter'], waitMs: number, nowMs: number): Record<string, string> {
  if (typeof form === 'number') return { 'Retry-After': String(form) };
  switch (form) {
    case 'seconds':
      return { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))) };
    case 'decimal':
      return { 'Retry-After': (Math.ceil(waitMs) / 1000).toFixed(3) };
    case 'httpDate':
      // Rounded up: an HTTP date has no fractions, and an early one would ask for a call that is refused again.
      return { 'Retry-After': new Date(Math.ceil((nowMs + waitMs) / 1000) * 1000).toUTCString() };
    case 'none':
      return {};
  }
}

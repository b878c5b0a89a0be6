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

/**
 * Takes `count` tokens for a call, changing the bucket, and tells whether the call may go on and which headers tell it so.
 */
export function admit(bucket: Bucket, throttle: Throttle, nowMs: number, count = 1): Admission {
  refill(bucket, throttle, nowMs);
  const isRefused = bucket.tokens < count;
  if (!isRefused || throttle.refusedCallsCount) {
    // The floor keeps a caller who never backs off from being locked out for good.
    bucket.tokens = Math.max(bucket.tokens - count, -throttle.burst);
  }
  const headers = warning(bucket, throttle);
  if (!isRefused) return { type: 'admitted', headers };
  const waitMs = ((count - bucket.tokens) / throttle.ratePerSecond) * 1000;
  return { type: 'refused', headers: { ...headers, ...retryAfter(throttle.retryAfter, waitMs, nowMs) } };
}

function refill(bucket: Bucket, throttle: Throttle, nowMs: number): void {
  const elapsedMs = Math.max(0, nowMs - bucket.filledAtMs);
  bucket.tokens = Math.min(throttle.burst, bucket.tokens + (elapsedMs / 1000) * throttle.ratePerSecond);
  bucket.filledAtMs = nowMs;
}

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

import type { Throttle } from '../../local/graph/behaviour';
import { admit, fullBucket } from '../../local/graph/throttle';
import { retryAfterMs } from '../../shared/graph/retryAfter';

/**
 * Graph's limit, as the simulator keeps it: a strict bucket that refused calls drain too. Undefined where the call is let
 * through, otherwise the milliseconds of Retry-After.
 */
export function makeGraphLimit({ perSecond, burst }: { perSecond: number; burst: number }, startMs: number) {
  const throttle: Throttle = {
    ratePerSecond: perSecond,
    burst,
    refusedCallsCount: true,
    retryAfter: 'seconds',
    warn: false,
  };
  const bucket = fullBucket(throttle, startMs);
  return (nowMs: number): number | undefined => {
    const admission = admit(bucket, throttle, nowMs);
    if (admission.type === 'admitted') return undefined;
    return retryAfterMs(admission.headers['Retry-After'] ?? null, null) ?? 1000;
  };
}

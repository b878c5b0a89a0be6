import type { BehaviourPatch } from '../../local/graph/behaviour';
import type { Limit } from './limit';

/** What a run meets: the limit, what becomes of refused calls, who else is there. */
export interface Circumstances {
  invitations: number;
  limit: Limit;
  /** `drain`: refused calls take tokens too, as Microsoft documents; `free`: they don't. */
  bucket: 'drain' | 'free';
  /** Refusals and 503s say when to come back. */
  saysRetryAfter: boolean;
  /** Another app takes half of the limit from a third of the ideal time on, and gives it back after two thirds. */
  hasOtherApp: boolean;
}

const LATENCY = { medianMs: 350, p99Ms: 2000 };
const UNAVAILABLE_RATE = 0.005;
/** Seconds: what a 503 asks for where it says so. */
const UNAVAILABLE_FOR = 2;

/** The simulated Graph under these circumstances. */
export const behaviourFor = ({ limit, bucket, saysRetryAfter }: Circumstances): BehaviourPatch => ({
  latency: LATENCY,
  throttle: {
    ratePerSecond: limit.perSecond,
    burst: limit.burst,
    refusedCallsCount: bucket === 'drain',
    retryAfter: saysRetryAfter ? 'seconds' : 'none',
  },
  unavailable: { rate: UNAVAILABLE_RATE, retryAfter: saysRetryAfter ? UNAVAILABLE_FOR : null },
});

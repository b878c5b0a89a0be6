import { logEvent } from '../telemetry/log';
import { measure } from '../telemetry/metrics';
import type { Gate } from './gate';

/** A gate that tells of what closes it: Graph's 429 as `throttled`, a refused tenant or a missing token as `consentLost`. */
export const toldGate = (limit: string, gate: Gate): Gate => ({
  ...gate,
  refused: async (refusal) => {
    const wait =
      refusal.retryAfterMs === undefined ? 'without saying how long' : `for ${refusal.retryAfterMs / 1000} s`;
    const message = `Microsoft Graph asks to wait ${wait} (${limit}, ${refusal.why}).`;
    logEvent('throttled', message, { limit, errorCode: refusal.why, statusCode: 429 });
    measure('graph.throttled', 1, { limit });
    await gate.refused(refusal);
  },
  pause: async (until, why) => {
    const message = `Microsoft Graph asks to wait until ${until} (what ${limit} need besides, ${why}).`;
    logEvent('throttled', message, { limit, errorCode: why, statusCode: 429 });
    measure('graph.throttled', 1, { limit });
    await gate.pause(until, why);
  },
  close: async (until, why) => {
    const message = `Microsoft Graph refuses every invitation (${limit}, ${why}). Nothing is lost; next try at ${until}.`;
    logEvent('consentLost', message, { limit, errorCode: why });
    await gate.close(until, why);
  },
});

import { pooledRandomBytes } from '../../shared/randomPool';
import type { TraceContext } from './coreTypes';

const traceParentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's trace when it sent a valid one (W3C Trace Context), else a fresh one of its own. */
export function toTraceContext(traceParent?: unknown, traceState?: unknown): TraceContext {
  if (typeof traceParent === 'string' && traceParentPattern.test(traceParent)) {
    return { traceParent, traceState: typeof traceState === 'string' ? traceState : '', attributes: {} };
  }
  const fresh = `00-${pooledRandomBytes(16).toString('hex')}-${pooledRandomBytes(8).toString('hex')}-00`;
  return { traceParent: fresh, traceState: '', attributes: {} };
}

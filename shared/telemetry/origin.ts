import type { Origin } from '../domain/invitation';
import { currentTrace } from './invocation';

/** What an invitation notes of a request that came by `source`, in the trace that is going on. */
export function originIn(source: string): Origin {
  const traceparent = currentTrace();
  return { source, ...(traceparent === undefined ? {} : { traceparent }) };
}

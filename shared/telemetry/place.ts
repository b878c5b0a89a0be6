import type { SpanStart } from './backend';
import { currentTrace } from './invocation';
import { isSameTrace } from './traceparent';

type Place = Partial<Pick<SpanStart, 'parent' | 'links'>>;

/** Of a span that goes on in an earlier trace, whatever set it off now: that is linked, unless it is in the same trace. */
export function partOf(trace: string | undefined): Place {
  const now = currentTrace();
  if (trace === undefined || isSameTrace(trace, now)) return {};
  return { parent: trace, links: now === undefined ? [] : [now] };
}

/** Of a span that has to do with an earlier trace and is no part of it. */
export const linkedTo = (trace: string | undefined): Place =>
  trace === undefined || isSameTrace(trace, currentTrace()) ? {} : { links: [trace] };

import { randomBytes } from 'node:crypto';
import { type Attributes, type SpanStart, useBackend } from '../../shared/telemetry/backend';

export interface MemorySpan extends SpanStart {
  traceparent: string;
  /** Undefined where it came to what it was for. */
  errorType: string | undefined;
}

/** For each test of a file, a backend that keeps spans that have ended and figures as they were told. */
export function useMemory() {
  let spans: MemorySpan[] = [];
  let figures: [metric: string, value: number, attributes: Attributes][] = [];
  const tell = (metric: string, value: number, attributes: Attributes) => figures.push([metric, value, attributes]);

  beforeEach(() => {
    spans = [];
    figures = [];
    useBackend({ startSpan, add: tell, record: tell, flush: () => Promise.resolve() });
  });
  afterEach(() => useBackend(undefined));

  const startSpan = (start: SpanStart) => {
    const traceId = start.parent?.slice(3, 35) ?? randomBytes(16).toString('hex');
    const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
    const span: MemorySpan = { ...start, traceparent, errorType: undefined };
    return {
      traceparent,
      set: (more: Attributes) => {
        span.attributes = { ...span.attributes, ...more };
      },
      end: (errorType?: string) => {
        spans.push({ ...span, errorType });
      },
    };
  };

  return { spans: () => spans, figures: () => figures, switchOff: () => useBackend(undefined) };
}

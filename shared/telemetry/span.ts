import { type Attributes, type SpanStart, currentBackend } from './backend';
import { currentInvocation, within } from './invocation';

export interface Span {
  set: (attributes: Attributes) => void;
  /** It did not come to what it was for. `errorType`: a class or a code, never a message. */
  fail: (errorType: string) => void;
}

type Named = Pick<SpanStart, 'name'> & Partial<SpanStart>;

/**
 * Does work as a part of what is going on, or of `parent`. With TELEMETRY off no span is made, and the work still goes on in
 * the trace of `parent`, so that messages, calls and log lines name it. An error is thrown on.
 */
export async function inSpan<T>(start: Named, work: (span: Span) => Promise<T>): Promise<T> {
  const invocation = currentInvocation();
  const parent = start.parent ?? invocation?.traceparent;
  const live = currentBackend()?.startSpan({ kind: 'internal', links: [], attributes: {}, ...start, parent });
  let errorType: string | undefined;
  const span: Span = {
    set: (attributes) => live?.set(attributes),
    fail: (type) => (errorType = type),
  };
  const run = () => work(span);
  try {
    return await (invocation ? within({ ...invocation, traceparent: live?.traceparent ?? parent }, run) : run());
  } catch (error) {
    errorType = error instanceof Error ? error.name : 'thrown';
    throw error;
  } finally {
    live?.end(errorType);
  }
}

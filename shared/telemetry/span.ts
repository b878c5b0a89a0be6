import { type Attributes, type Backend, type SpanStart, currentBackend } from './backend';
import { currentInvocation, currentTrace, within } from './invocation';

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
export function inSpan<T>(start: Named, work: (span: Span) => Promise<T>): Promise<T> {
  const backend = currentBackend();
  return backend ? recorded(backend, start, work) : unrecorded(start, work);
}

async function recorded<T>(backend: Backend, start: Named, work: (span: Span) => Promise<T>): Promise<T> {
  const parent = start.parent ?? currentTrace();
  const live = backend.startSpan({ kind: 'internal', links: [], attributes: {}, ...start, parent });
  let errorType: string | undefined;
  const span: Span = {
    set: (attributes) => live.set(attributes),
    fail: (type) => (errorType = type),
  };
  try {
    return await inTrace(live.traceparent, () => work(span));
  } catch (error) {
    errorType = error instanceof Error ? error.name : 'thrown';
    throw error;
  } finally {
    live.end(errorType);
  }
}

/** A context that says nothing new would only cost: none is entered for it. */
function unrecorded<T>({ parent }: Named, work: (span: Span) => Promise<T>): Promise<T> {
  const run = () => work(NO_SPAN);
  return parent === undefined ? run() : inTrace(parent, run);
}

const NO_SPAN: Span = { set: () => undefined, fail: () => undefined };

/** Outside of a function nothing goes on in a trace. */
function inTrace<T>(traceparent: string, work: () => T): T {
  const invocation = currentInvocation();
  return invocation ? within({ ...invocation, traceparent }, work) : work();
}

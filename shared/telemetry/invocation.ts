import { AsyncLocalStorage } from 'node:async_hooks';
import type { InvocationContext } from '@azure/functions';

/** What is going on, however deep in the code: one run of a function, or a part of it. */
export interface Invocation {
  /** Where its lines are logged. */
  log: Pick<InvocationContext, 'log' | 'warn' | 'error'>;
  /** Of the hint that set it off, where it is one of ours. */
  messageId: string | undefined;
  /** W3C Trace Context of whatever is being done (https://www.w3.org/TR/trace-context/#traceparent-header). */
  traceparent: string | undefined;
  /**
   * Messages that it sends go on in its trace. Not those of a timer: a tick sets off hundreds of things that have nothing
   * to do with each other.
   */
  handsOnTrace: boolean;
}

const running = new AsyncLocalStorage<Invocation>();

/** Undefined outside of functions: in tools and in tests of parts. */
export const currentInvocation = (): Invocation | undefined => running.getStore();

export const currentTrace = (): string | undefined => currentInvocation()?.traceparent;

/** Messages that are sent in it begin traces of their own. */
export function apart<T>(work: () => T): T {
  const invocation = currentInvocation();
  return invocation ? within({ ...invocation, handsOnTrace: false }, work) : work();
}

export const within = <T>(invocation: Invocation, work: () => T): T => running.run(invocation, work);

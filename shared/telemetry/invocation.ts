import { AsyncLocalStorage } from 'node:async_hooks';
import type { InvocationContext } from '@azure/functions';
import { messageIdOf } from './messageId';

/** The run of a function that code is in, however deep. */
export interface Invocation {
  context: Pick<InvocationContext, 'log' | 'warn' | 'error'>;
  /** Of the hint that set it off, where it is one of ours. */
  messageId: string | undefined;
  /** W3C Trace Context of whatever is being done (https://www.w3.org/TR/trace-context/#traceparent-header). */
  traceparent: string | undefined;
}

const running = new AsyncLocalStorage<Invocation>();

/** Undefined outside of functions: in tools and in tests of parts. */
export const currentInvocation = (): Invocation | undefined => running.getStore();

/** Goes on under something else, such as the span of a part. */
export const within = <T>(invocation: Invocation, work: () => T): T => running.run(invocation, work);

type Handler<Input, Result> = (input: Input, context: InvocationContext) => Promise<Result>;

/** A handler whose log lines and traces know which run they belong to. Every function is registered with one. */
export const inInvocation =
  <Input, Result>(handler: Handler<Input, Result>): Handler<Input, Result> =>
  (input, context) =>
    within({ context, messageId: messageIdOf(context), traceparent: context.traceContext?.traceParent }, () =>
      handler(input, context),
    );

import type { InvocationContext } from '@azure/functions';
import { within } from './invocation';
import { messageIdOf } from './messageId';
import { inSpan } from './span';
import { tellFault, telemetryStarted } from './start';
import { parseTraceparent, toTraceparent } from './traceparent';

type Handler<Input, Result> = (input: Input, context: InvocationContext) => Promise<Result>;

/**
 * A handler whose log lines, spans, messages and calls know which run they belong to, in the trace that the host names.
 * Every function is registered with one. `handsOnTrace`: whether messages that it sends go on in its trace.
 */
export const functionRun =
  <Input, Result>(handler: Handler<Input, Result>, { handsOnTrace = true } = {}): Handler<Input, Result> =>
  async (input, context) => {
    const fault = await telemetryStarted();
    const given = parseTraceparent(context.traceContext?.traceParent);
    const traceparent = given && toTraceparent(given);
    const invocation = { log: context, messageId: messageIdOf(context), traceparent, handsOnTrace };
    return within(invocation, () => {
      tellFault(fault);
      return inSpan({ name: context.functionName, attributes: attributesOf(context) }, () => handler(input, context));
    });
  };

const attributesOf = ({ functionName, invocationId, options }: InvocationContext) => ({
  'faas.name': functionName,
  'faas.invocation_id': invocationId,
  'faas.trigger': TRIGGERS[options.trigger.type] ?? 'other',
});

/** https://opentelemetry.io/docs/specs/semconv/registry/attributes/faas/ */
const TRIGGERS: Record<string, string> = { httpTrigger: 'http', serviceBusTrigger: 'pubsub', timerTrigger: 'timer' };

import { EVENTS, type EventName, type FieldsOf } from './events';
import { currentInvocation } from './invocation';

/**
 * Logs what happened, as one line of JSON: `{"event":…,"message":…,…}`; `message` is the sentence for people. Outside of a
 * function nothing is logged.
 *
 * A line and not an object: the worker hands the host nothing but a text, so fields can't become customDimensions, and
 * an object would be written as util.inspect does (https://github.com/Azure/azure-functions-nodejs-library/issues/227).
 * Queries read it with `parse_json(Message)`.
 */
export function logEvent<Name extends EventName>(event: Name, message: string, fields: FieldsOf<Name> = {}): void {
  const invocation = currentInvocation();
  if (!invocation) return;
  const { log, messageId, traceparent } = invocation;
  log[EVENTS[event].level](JSON.stringify({ event, message, ...fields, messageId, traceparent }));
}

/** The sentence for people in a line that `logEvent` wrote; any other text as it is. */
export function sentenceIn(line: string): string {
  if (!line.startsWith('{"event":')) return line;
  try {
    const { message } = JSON.parse(line) as { message?: unknown };
    return typeof message === 'string' ? message : line;
  } catch {
    return line;
  }
}

import { currentInvocation } from './invocation';

/**
 * The trace that a message goes on in, as application properties: `Diagnostic-Id` is what the Service Bus extension of the
 * Functions host reads, `traceparent` what others do. Nothing where it is to begin a trace of its own.
 * @see https://learn.microsoft.com/azure/service-bus-messaging/service-bus-end-to-end-tracing
 */
export function carriedTrace(): { applicationProperties?: Record<string, string> } {
  const { traceparent, handsOnTrace } = currentInvocation() ?? {};
  if (traceparent === undefined || handsOnTrace !== true) return {};
  return { applicationProperties: { 'Diagnostic-Id': traceparent, traceparent } };
}

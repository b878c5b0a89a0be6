import { currentTrace } from '../telemetry/invocation';
import { type Span, inSpan } from '../telemetry/span';
import type { CallGraph, GraphCall, GraphResult } from './callGraph';

/** Calls of Graph as spans, each told to Graph by its traceparent. Of the path no more than the resource: the rest names people. */
export const tracedCallGraph =
  (callGraph: CallGraph): CallGraph =>
  (call) =>
    inSpan(
      { name: `${call.method} ${resourceOf(call)}`, kind: 'client', attributes: attributesOf(call) },
      async (span) => {
        const traceparent = currentTrace();
        const result = await callGraph(traceparent === undefined ? call : { ...call, traceparent });
        tell(span, result);
        return result;
      },
    );

/** `/users` of `/users/ann%40fabrikam.com?$select=id`. */
const resourceOf = ({ path }: GraphCall): string => /^\/[A-Za-z]+/.exec(path)?.[0] ?? '/';

const attributesOf = (call: GraphCall) => ({
  'http.request.method': call.method,
  'url.template': resourceOf(call),
  'graph.version': call.version ?? 'v1.0',
  'attempt.id': call.clientRequestId,
});

function tell(span: Span, result: GraphResult): void {
  if (result.type !== 'answer') {
    span.fail(result.reason);
    return;
  }
  span.set({ 'http.response.status_code': result.status });
  if (result.status >= 400) span.fail(String(result.status));
}

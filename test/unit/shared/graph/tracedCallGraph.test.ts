import type { CallGraph, GraphCall, GraphResult } from '../../../../shared/graph/callGraph';
import { tracedCallGraph } from '../../../../shared/graph/tracedCallGraph';
import { within } from '../../../../shared/telemetry/invocation';
import { useMemory } from '../../../support/memoryBackend';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const memory = useMemory();

const answered = (status: number): GraphResult => ({
  type: 'answer',
  status,
  body: undefined,
  date: undefined,
  retryAfterMs: undefined,
  throttlePercentage: undefined,
});

/** Calls in a trace, and gives what the adapter below was asked. */
async function call(asked: GraphCall, result: GraphResult): Promise<GraphCall | undefined> {
  let seen: GraphCall | undefined;
  const below: CallGraph = (given) => {
    seen = given;
    return Promise.resolve(result);
  };
  const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
  const invocation = { log: silent, messageId: undefined, traceparent: TRACEPARENT, handsOnTrace: true };
  await within(invocation, () => tracedCallGraph(below)(asked));
  return seen;
}

it('names of the path the resource alone, and tells Graph the span', async () => {
  const path = "/users?$filter=mail eq 'ann%40fabrikam.com'&$select=id";
  const seen = await call({ method: 'GET', path }, answered(200));
  const [span] = memory.spans();
  expect(span).toMatchObject({
    name: 'GET /users',
    kind: 'client',
    parent: TRACEPARENT,
    attributes: { 'http.request.method': 'GET', 'url.template': '/users', 'http.response.status_code': 200 },
    errorType: undefined,
  });
  expect(seen).toEqual({ method: 'GET', path, traceparent: span?.traceparent });
  expect(JSON.stringify(span)).not.toContain('fabrikam');
});

it.each<[string, GraphResult, string]>([
  ['a refusal by its status', answered(403), '403'],
  ['a lost answer by its reason', { type: 'lost', reason: 'timeout', message: 'of ann@fabrikam.com' }, 'timeout'],
  ['a call that was not made', { type: 'notSent', reason: 'noToken', message: 'x' }, 'noToken'],
])('marks %s', async (_, result, errorType) => {
  await call({ method: 'POST', path: '/invitations', clientRequestId: 'attempt-0' }, result);
  expect(memory.spans()[0]).toMatchObject({ errorType, attributes: { 'attempt.id': 'attempt-0' } });
  expect(JSON.stringify(memory.spans())).not.toContain('fabrikam');
});

it('still tells Graph the trace while TELEMETRY is off, and makes no span', async () => {
  memory.switchOff();
  const seen = await call({ method: 'GET', path: '/users/1' }, answered(200));
  expect(seen?.traceparent).toBe(TRACEPARENT);
  expect(memory.spans()).toEqual([]);
});

it('gives what the call below gave', async () => {
  expect(await tracedCallGraph(() => Promise.resolve(answered(204)))({ method: 'DELETE', path: '/x' })).toEqual(
    answered(204),
  );
});

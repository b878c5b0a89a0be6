import type { Binding } from '../../../../local/functionsHost/coreTypes';
import { toHostedFunction } from '../../../../local/functionsHost/triggers';

function registered(bindings: Record<string, Binding>) {
  return { metadata: { name: 'f', bindings }, callback: () => undefined };
}
const queue = { type: 'serviceBusTrigger', direction: 'in', queueName: 'q', connection: 'C' };

it('reads the trigger and the name of its binding', () => {
  const http = { type: 'httpTrigger', direction: 'in', authLevel: 'function', methods: ['get'], route: 'a/{id}' };
  const { name, trigger } = toHostedFunction(registered({ h1: http, $return: { type: 'http', direction: 'out' } }));
  expect(name).toBe('f');
  expect(trigger).toEqual({
    type: 'httpTrigger',
    bindingName: 'h1',
    authLevel: 'function',
    methods: ['GET'],
    route: 'a/{id}',
  });
});

it.each<[string, Record<string, Binding>, string]>([
  ['an output binding', { q: queue, out: { type: 'queue', direction: 'out' } }, 'has the binding "out" of type queue'],
  ['an extra input', { q: queue, extra: { type: 'blob', direction: 'in' } }, 'has the binding "extra" of type blob'],
  ['batches', { q: { ...queue, cardinality: 'many' } }, 'batches (cardinality many) are not supported'],
  ['sessions', { q: { ...queue, isSessionsEnabled: true } }, 'sessions are not supported'],
  ['a topic', { q: { type: 'serviceBusTrigger', topicName: 't', connection: 'C' } }, 'topics are not supported'],
  ['another trigger', { b: { type: 'blobTrigger' } }, 'Function "f" cannot be run by the local host'],
])('refuses %s', (_, bindings, message) => {
  expect(() => toHostedFunction(registered(bindings))).toThrow(message);
});

it('refuses a retry policy for a timer, which would have one in Azure', () => {
  const timer = { type: 'timerTrigger', schedule: '* * * * * *' };
  const metadata = { name: 'f', bindings: { t: timer }, retryOptions: { retryStrategy: 'fixedDelay' } };
  expect(() => toHostedFunction({ metadata, callback: () => undefined })).toThrow('Function "f" has a retry policy');
});

import { toHttpRoutes } from '../../../../local/functionsHost/httpRoutes';
import type { HostedFunction, HttpTrigger } from '../../../../local/functionsHost/triggers';

function http(name: string, route?: string, methods = ['GET']): HostedFunction<HttpTrigger> {
  const trigger = { type: 'httpTrigger' as const, bindingName: 'h', authLevel: 'anonymous' as const, methods };
  return {
    name,
    metadata: { name, bindings: {} },
    callback: () => undefined,
    trigger: route === undefined ? trigger : { ...trigger, route },
  };
}

it('puts the prefix first, takes the name for a missing route, and sorts the more precise first', () => {
  const routes = toHttpRoutes([http('one', 'a/{id}'), http('two', '/a/b/'), http('three')], 'api');
  expect(routes.map(({ hosted, path }) => `${hosted.name} ${path}`)).toEqual([
    'three /api/three',
    'two /api/a/b',
    'one /api/a/{id}',
  ]);
});

it('has no prefix when host.json says so', () => {
  expect(toHttpRoutes([http('one')], '').map(({ path }) => path)).toEqual(['/one']);
});

it('refuses two functions for the same requests', () => {
  const functions = [http('one', 'a/{id}', ['GET', 'POST']), http('two', 'A/{key}', ['POST'])];
  expect(() => toHttpRoutes(functions, 'api')).toThrow(
    'The functions "one" and "two" both have the route POST /api/a/{}.',
  );
});

it('lets two functions share a route when their methods differ', () => {
  expect(toHttpRoutes([http('one', 'a'), http('two', 'a', ['POST'])], 'api')).toHaveLength(2);
});

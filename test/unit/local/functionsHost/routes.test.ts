import { byPrecedence, matchRoute, parseRoute, routeShape, splitPath } from '../../../../local/functionsHost/routes';

const guid = '0192e4a0-7c3b-7d10-9f00-3c5f0a1b2c0d';

describe('matchRoute', () => {
  it.each<[string, string, Record<string, string> | undefined]>([
    ['api/invitations', '/api/invitations', {}],
    ['api/invitations', '/api/invitations/', {}],
    ['api/invitations', '/API/Invitations', {}],
    ['api/invitations', '/api', undefined],
    ['api/invitations', '/api/invitations/more', undefined],
    ['api/invitations/{id}', '/api/invitations/7', { id: '7' }],
    ['api/invitations/{id}', '/api/invitations/a%20b%C3%A9', { id: 'a bé' }],
    ['api/invitations/{id}', '/api/invitations/a%2Fb', { id: 'a%2Fb' }],
    ['api/invitations/{id}', '/api/invitations/', undefined],
    ['api/{a}/x/{b}', '/api/1/x/2', { a: '1', b: '2' }],
    ['api/{id:guid}', `/api/${guid}`, { id: guid }],
    ['api/{id:guid}', '/api/7', undefined],
    ['api/{id:int:min(5)}', '/api/7', { id: '7' }],
    ['api/{id:int:min(5)}', '/api/4', undefined],
    ['api/{x?}', '/api', {}],
    ['api/{x?}', '/api/1', { x: '1' }],
    ['api/{x:int?}', '/api/a', undefined],
    ['api/{*rest}', '/api', {}],
    ['api/{*rest}', '/api/a/b%20c', { rest: 'a/b c' }],
    ['api/{**rest}', '/api/a/b', { rest: 'a/b' }],
  ])('%s for %s gives %j', (template, path, expected) => {
    expect(matchRoute(parseRoute(template), splitPath(path))).toEqual(expected);
  });
});

describe('parseRoute', () => {
  it.each([
    ['a/{x?}/b', 'must be the last segment'],
    ['a/{*x}/b', 'must be the last segment'],
    ['a/{x}.{y}', 'cannot read the segment "{x}.{y}"'],
    ['a/{x=1}', 'cannot read the segment "{x=1}"'],
    ['a/{x:colour}', '"colour" is no route constraint'],
  ])('refuses %s', (template, message) => {
    expect(() => parseRoute(template)).toThrow(message);
  });
});

describe('splitPath', () => {
  it('throws a URIError for a path that is not percent-encoded UTF-8', () => {
    expect(() => splitPath('/a/%E0%A4%A')).toThrow(URIError);
  });
});

describe('byPrecedence', () => {
  it('puts literals before constrained parameters before plain ones before catch-alls', () => {
    const templates = ['a/{*rest}', 'a/{id}', 'a/{id}/b', 'a/{id:int}', 'a/b', 'a', 'a/b/c'];
    const sorted = templates
      .map((template) => ({ template, route: parseRoute(template) }))
      .sort((one, other) => byPrecedence(one.route, other.route))
      .map(({ template }) => template);
    expect(sorted).toEqual(['a', 'a/b', 'a/b/c', 'a/{id:int}', 'a/{id}', 'a/{id}/b', 'a/{*rest}']);
  });
});

describe('routeShape', () => {
  it('is the same when only the names of parameters differ', () => {
    expect(routeShape(parseRoute('A/{id}/{*rest}'))).toBe(routeShape(parseRoute('a/{key}/{*more}')));
  });

  it.each([
    ['a/{id}', 'a/{id:int}'],
    ['a/{id}', 'a/{id?}'],
    ['a/{id}', 'a/{*id}'],
    ['a/{id}', 'a/id'],
  ])('tells %s from %s', (one, other) => {
    expect(routeShape(parseRoute(one))).not.toBe(routeShape(parseRoute(other)));
  });
});

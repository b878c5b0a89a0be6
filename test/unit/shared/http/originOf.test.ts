import { originOf } from '../../../../shared/http/originOf';

const asked = (userAgent?: string) => ({
  headers: new Headers(userAgent === undefined ? {} : { 'user-agent': userAgent }),
});

it.each([
  ['a caller of the API', 'curl/8.5.0', 'api'],
  ['nobody in particular', undefined, 'api'],
  ['our command line', 'b2b-invite', 'cli'],
  ['whoever only names it', 'like b2b-invite', 'api'],
  ['an address', 'ann@fabrikam.com', 'api'],
])('tells %s', (_, userAgent, source) => {
  expect(originOf(asked(userAgent), 'api')).toEqual({ source });
});

it('tells files from lists', () => {
  expect(originOf(asked(), 'csv')).toEqual({ source: 'csv' });
});

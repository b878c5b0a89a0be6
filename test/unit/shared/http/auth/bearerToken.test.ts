import { HttpRequest } from '@azure/functions';
import { readBearerToken } from '../../../../../shared/http/auth/bearerToken';

const read = (authorization?: string, url = 'http://127.0.0.1/api/invitations') =>
  readBearerToken(
    new HttpRequest({ method: 'GET', url, headers: authorization === undefined ? {} : { authorization } }),
  );

it('reads the token whatever the case of the scheme', () => {
  expect(read('Bearer a.b-c_d.e')).toEqual({ type: 'given', token: 'a.b-c_d.e' });
  expect(read('bearer  a.b.c ')).toEqual({ type: 'given', token: 'a.b.c' });
});

it('finds none without the header, whatever else there is', () => {
  expect(read()).toEqual({ type: 'none' });
  expect(read('')).toEqual({ type: 'none' });
  expect(read(undefined, 'http://127.0.0.1/api/invitations?access_token=a.b.c')).toEqual({ type: 'none' });
});

it.each(['Basic YTpi', 'Bearer', 'a.b.c', 'Bearer a b', 'Bearer a.b.c, Bearer d.e.f', `Bearer ${'x'.repeat(16_384)}`])(
  'takes %.30s for no token',
  (header) => {
    expect(read(header)).toEqual({ type: 'malformed' });
  },
);

import { toSetCookie } from '../../../../local/functionsHost/rpcHttp';

it('writes a cookie with nothing but a name and a value', () => {
  expect(toSetCookie({ name: 'seen', value: 'a b;c' })).toBe('seen=a%20b%3Bc; path=/');
});

it('writes every attribute', () => {
  const cookie = {
    name: 'seen',
    value: '1',
    expires: { value: { seconds: 1_800_000_000 } },
    maxAge: { value: 0 },
    domain: { value: 'example.com' },
    path: { value: '/api' },
    secure: { value: true },
    httpOnly: { value: true },
    sameSite: 'explicitNone' as const,
  };
  expect(toSetCookie(cookie)).toBe(
    'seen=1; expires=Fri, 15 Jan 2027 08:00:00 GMT; max-age=0; domain=example.com; path=/api; secure; samesite=none; httponly',
  );
});

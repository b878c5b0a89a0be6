import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import { SigningKeysUnavailableError, makeSigningKeys } from '../../../../../shared/http/auth/signingKeys';
import { type Entra, type SigningKey, aSigningKey, sign, startEntra } from '../../../../support/entra';
import { waitFor } from '../../../../support/waitFor';

let key: SigningKey;
let another: SigningKey;
beforeAll(async () => {
  [key, another] = await Promise.all([aSigningKey('one'), aSigningKey('two')]);
});

let entra: Entra;
let check: (signedWith: SigningKey) => Promise<unknown>;
/** Milliseconds on top of the process's clock. */
let ahead: number;
const pass = (seconds: number) => (ahead += seconds * 1000);

beforeEach(async () => {
  const clock = Date.now.bind(Date);
  ahead = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => clock() + ahead);
  entra = await startEntra([key]);
  check = checkWith(await makeSigningKeys(entra.keysUrl));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await entra.close();
});

const checkWith = (keyOf: JWTVerifyGetKey) => async (signedWith: SigningKey) =>
  jwtVerify(await sign(signedWith, {}), keyOf, { currentDate: new Date(Date.now()) });

const unknownKey = { code: 'ERR_JWKS_NO_MATCHING_KEY' };
const unavailable = { code: 'signingKeysUnavailable', retryable: true };

it('reads the keys once for many tokens, also for those that come at the same time', async () => {
  await Promise.all([check(key), check(key), check(key)]);
  await check(key);
  expect(entra.published.requests).toBe(1);
});

it('reads them again for a key that is new, and knows it from then on', async () => {
  await check(key);
  entra.published.keys = [key, another];
  pass(31);
  await check(another);
  await check(another);
  expect(entra.published.requests).toBe(2);
});

it('does not read them again for unknown keys within half a minute', async () => {
  for (let tokens = 0; tokens < 5; tokens += 1) await expect(check(another)).rejects.toMatchObject(unknownKey);
  expect(entra.published.requests).toBe(1);
  pass(31);
  for (let tokens = 0; tokens < 5; tokens += 1) await expect(check(another)).rejects.toMatchObject(unknownKey);
  expect(entra.published.requests).toBe(2);
});

it('drops a key that was withdrawn, an hour later', async () => {
  await check(key);
  entra.published.keys = [another];
  pass(3601);
  // This one still passes: nobody waits for the keys that are read meanwhile.
  await check(key);
  await waitFor(() => entra.published.requests === 2, { describe: 'the second reading' });
  await waitFor(
    () =>
      check(key).then(
        () => false,
        (error: unknown) => (error as { code?: string }).code === 'ERR_JWKS_NO_MATCHING_KEY',
      ),
    { describe: 'the key to be dropped' },
  );
});

it('goes on with the keys at hand for a day while they can’t be read', async () => {
  await check(key);
  await entra.goAway();
  pass(23 * 3600);
  await check(key);
  await check(key);
  // What is signed with another key may be right: there is no telling.
  await expect(check(another)).rejects.toMatchObject(unavailable);
  pass(3601);
  await expect(check(key)).rejects.toMatchObject(unavailable);
});

it('does not ask again within five seconds of a failure', async () => {
  entra.published.answer = { status: 500, body: '' };
  for (let tokens = 0; tokens < 5; tokens += 1) await expect(check(key)).rejects.toMatchObject(unavailable);
  expect(entra.published.requests).toBe(1);
  entra.published.answer = undefined;
  pass(6);
  await check(key);
  expect(entra.published.requests).toBe(2);
});

it.each([
  ['an error', { status: 503, body: '' }],
  ['a page that is no JSON', { status: 200, body: '<html>Sign in to the network</html>' }],
  ['JSON that holds no keys', { status: 200, body: '{"error":"x"}' }],
  ['more than any tenant has', { status: 200, body: JSON.stringify({ keys: [], pad: 'x'.repeat(300_000) }) }],
])('tells that the keys can’t be read when the answer is %s', async (_what, answer) => {
  entra.published.answer = answer;
  await expect(check(key)).rejects.toBeInstanceOf(SigningKeysUnavailableError);
});

it('follows no redirect: keys come from the tenant and nowhere else', async () => {
  const elsewhere = await startEntra([key]);
  entra.published.answer = { status: 302, body: '', location: elsewhere.keysUrl.href };
  await expect(check(key)).rejects.toMatchObject(unavailable);
  expect([entra.published.requests, elsewhere.published.requests]).toEqual([1, 0]);
  // The place it pointed to has the key indeed.
  await checkWith(await makeSigningKeys(elsewhere.keysUrl))(key);
  await elsewhere.close();
});

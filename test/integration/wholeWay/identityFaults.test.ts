import path from 'node:path';
import { CLIENT_ID, TENANT, aSigningKey, appClaims, sign, startEntra } from '../../support/entra';
import { type HostProcess, startHostProcess } from '../../support/hostProcess';
import { waitFor } from '../../support/waitFor';

const nowhere = 'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true;';
const TABLES_AWAY = 'DefaultEndpointsProtocol=http;AccountName=x;AccountKey=eA==;TableEndpoint=http://127.0.0.1:1/x;';
const ID = '01900000-0000-7000-8000-000000000000';
const KEY = 'a-key-of-this-test';

let host: HostProcess | undefined;
afterEach(() => host?.end());

/** The app with nothing behind it: who may call is told before anything else is asked. */
async function start(settings: Record<string, string>) {
  const started = await startHostProcess(
    { appRoot: path.join(__dirname, '..', '..', '..'), functionKey: KEY },
    {
      ServiceBusConnection: nowhere,
      TablesConnection: TABLES_AWAY,
      INVITATIONS_QUEUE: 'hints',
      HASH_KEY: 'only-for-these-tests',
      ...settings,
    },
  );
  host = started;
  return async (headers: Record<string, string> = {}) => {
    const response = await fetch(started.url(`/api/invitations/${ID}`), { headers });
    return {
      status: response.status,
      code: response.headers.get('x-ms-error-code'),
      retryAfter: response.headers.get('retry-after'),
    };
  };
}

it('answers 503 while the tenant’s keys can’t be read, and finds its way back', async () => {
  const key = await aSigningKey('one');
  const entra = await startEntra([key]);
  const get = await start({
    AUTH: 'entra',
    AUTH_TENANT_ID: TENANT,
    AUTH_AUDIENCE: CLIENT_ID,
    AUTH_AUTHORITY: entra.authority,
  });
  const reader = {
    Authorization: `Bearer ${await sign(key, appClaims(entra.authority, { roles: ['Invitation.Read.All'] }))}`,
  };
  await entra.goAway();
  expect(await get(reader)).toEqual({ status: 503, code: 'signingKeysUnavailable', retryAfter: '5' });
  // Who shows nothing needs no keys to be refused.
  expect(await get()).toMatchObject({ status: 401, code: 'noToken' });
  expect(host?.logs.map(({ message }) => message).join()).toContain('The tenant’s signing keys could not be read');

  await entra.comeBack();
  // Past the door: the tables are what is missing now.
  await waitFor(async () => (await get(reader)).code === 'tablesUnavailable', {
    timeoutMs: 20_000,
    describe: 'the keys to be read again',
  });
  await entra.close();
});

it.each([
  ['no tenant', { AUTH_AUDIENCE: CLIENT_ID }, 'AUTH_TENANT_ID is not set'],
  [
    'a tenant that is no id',
    { AUTH_TENANT_ID: 'contoso.com', AUTH_AUDIENCE: CLIENT_ID },
    'AUTH_TENANT_ID is "contoso.com"',
  ],
  ['no audience', { AUTH_TENANT_ID: TENANT }, 'AUTH_AUDIENCE is not set'],
])('lets nobody in with AUTH=entra and %s, and says in the log what to set', async (_what, settings, logged) => {
  const get = await start({ AUTH: 'entra', ...settings });
  expect(await get({ Authorization: 'Bearer a.b.c', 'x-functions-key': KEY })).toMatchObject({
    status: 503,
    code: 'misconfigured',
  });
  expect(host?.logs.map(({ message }) => message).join()).toContain(logged);
});

it('stays closed with a key when AUTH is none of its values, with all of its functions there', async () => {
  const get = await start({ AUTH: 'Entra' });
  expect(host?.functions.length).toBeGreaterThan(10);
  expect(await get()).toMatchObject({ status: 401, code: null });
  expect(await get({ 'x-functions-key': KEY })).toMatchObject({ status: 503, code: 'misconfigured' });
  expect(host?.logs.map(({ message }) => message).join()).toContain('AUTH is "Entra": it should be keys or entra');
});

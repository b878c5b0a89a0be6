import { SettingsError, readSettings, tickMs } from '../../../shared/settings';

const HASH_KEY = 'sixteen characters';
const needed = {
  TablesConnection: 'UseDevelopmentStorage=true',
  ServiceBusConnection: 'Endpoint=sb://localhost;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true;',
  HASH_KEY,
};

function faultsOf(environment: Record<string, string | undefined>): string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

it('has a default for everything but the connections and the hash key', () => {
  expect(readSettings(needed)).toMatchObject({
    INVITATIONS_QUEUE: 'invitations',
    GRAPH_BASE_URL: 'https://graph.microsoft.com',
    GRAPH_CALL_TIMEOUT: 30_000,
    ALLOWED_REDIRECT_ORIGINS: [],
    ALLOWED_EMAIL_DOMAINS: [],
    BLOCKED_EMAIL_DOMAINS: [],
    SEND_INVITATION_MESSAGE: true,
    REMIND_AFTER: ['P3D', 'P7D'],
    EXPIRE_AFTER: 'P30D',
    ON_EXPIRY: 'keep',
    ON_REVOKE: 'keep',
    AMBIGUOUS_SENDS: 'reconcile',
    RESOLVE_AFTER: 600_000,
    SEND_LEASE: 120_000,
    GRAPH_INVITATIONS_PER_SECOND: 25,
    MAX_SEND_ATTEMPTS: 8,
    WAKE_SCHEDULE: '0 * * * * *',
    SYNC_SCHEDULE: '0 */5 * * * *',
    COMPARE_SCHEDULE: '0 30 4 * * *',
    PARTITIONS: 16,
  });
});

it('takes an empty setting for one that is not set', () => {
  expect(readSettings({ ...needed, EXPIRE_AFTER: '', INVITE_REDIRECT_URL: '' })).toMatchObject({
    EXPIRE_AFTER: 'P30D',
  });
});

it('reads lists and URLs in the forms that people write them', () => {
  const settings = readSettings({
    ...needed,
    ALLOWED_EMAIL_DOMAINS: ' Fabrikam.com, ,*.Contoso.com ',
    ALLOWED_REDIRECT_ORIGINS: 'https://MyApp.contoso.com/',
    GRAPH_BASE_URL: 'http://127.0.0.1:7080/',
    SEND_INVITATION_MESSAGE: 'false',
    GRAPH_INVITATIONS_PER_SECOND: '0.5',
  });
  expect(settings).toMatchObject({
    ALLOWED_EMAIL_DOMAINS: ['fabrikam.com', '*.contoso.com'],
    ALLOWED_REDIRECT_ORIGINS: ['https://myapp.contoso.com'],
    GRAPH_BASE_URL: 'http://127.0.0.1:7080',
    SEND_INVITATION_MESSAGE: false,
    GRAPH_INVITATIONS_PER_SECOND: 0.5,
  });
});

it('takes identities in place of connection strings', () => {
  const settings = readSettings({
    TablesConnection__tableServiceUri: 'https://account.table.core.windows.net',
    ServiceBusConnection__fullyQualifiedNamespace: 'namespace.servicebus.windows.net',
    HASH_KEY,
  });
  expect(settings.TablesConnection).toBeUndefined();
});

const DURATION = 'an ISO 8601 duration such as P3D, PT10M or PT2M';

it.each([
  ['GRAPH_BASE_URL', 'graph.microsoft.com', 'an absolute URL such as https://myapp.contoso.com'],
  ['INVITE_REDIRECT_URL', 'javascript:alert(1)', 'an absolute URL such as https://myapp.contoso.com'],
  ['EXPIRE_AFTER', '30 days', DURATION],
  ['RESOLVE_AFTER', 'PT0S', DURATION],
  ['SEND_LEASE', '-PT2M', DURATION],
  ['REMIND_AFTER', 'P3D,soon', 'ten ISO 8601 durations at most, separated by commas, such as P3D,P7D'],
  ['SEND_INVITATION_MESSAGE', 'yes', 'true or false'],
  ['ON_EXPIRY', 'delete', 'keep or removeGuest'],
  ['ON_REVOKE', 'delete', 'keep or removeGuest'],
  ['AMBIGUOUS_SENDS', 'guess', 'reconcile or strict'],
  ['GRAPH_INVITATIONS_PER_SECOND', '1001', 'a number from 0.1 to 1000, or auto'],
  ['GRAPH_INVITATIONS_PER_SECOND', 'many', 'a number from 0.1 to 1000, or auto'],
  ['MAX_SEND_ATTEMPTS', '0', 'a whole number from 1 to 100'],
  ['MAX_SEND_ATTEMPTS', '2.5', 'a whole number from 1 to 100'],
  ['PARTITIONS', '257', 'a whole number from 1 to 256'],
  ['PARTITIONS', '1.5', 'a whole number from 1 to 256'],
  ['WAKE_SCHEDULE', '0 0 9 * * 1', 'every n seconds or minutes: */10 * * * * * or 0 * * * * * or 0 */5 * * * *'],
  ['SYNC_SCHEDULE', '*/5 * * * *', 'an NCRONTAB expression of six fields such as 0 */5 * * * * or 0 30 4 * * *'],
  ['COMPARE_SCHEDULE', '04:30:00', 'an NCRONTAB expression of six fields such as 0 */5 * * * * or 0 30 4 * * *'],
  ['WAKE_SCHEDULE', '*/0 * * * * *', 'every n seconds or minutes: */10 * * * * * or 0 * * * * * or 0 */5 * * * *'],
])('says of %s=%s what it should be', (name, value, expected) => {
  expect(faultsOf({ ...needed, [name]: value })).toEqual([`${name} is "${value}": it should be ${expected}`]);
});

it('wants a lease of three call timeouts', () => {
  expect(faultsOf({ ...needed, SEND_LEASE: 'PT89S' })).toEqual([
    'SEND_LEASE is 89 s: it should be at least three times GRAPH_CALL_TIMEOUT (30 s)',
  ]);
  expect(faultsOf({ ...needed, SEND_LEASE: 'PT90S' })).toEqual([]);
});

it('lists every fault at once', () => {
  const faults = faultsOf({ ON_REVOKE: 'delete', SEND_LEASE: 'PT1S', PARTITIONS: 'x' });
  expect(faults.map((fault) => fault.split(' ')[0]).sort()).toEqual([
    'HASH_KEY',
    'ON_REVOKE',
    'PARTITIONS',
    'SEND_LEASE',
    'ServiceBusConnection',
    'TablesConnection',
  ]);
});

describe('AUTH=entra', () => {
  const TENANT = '8e2d0c14-52a5-4d4b-9a35-3b7a1f8b6c10';
  const CLIENT = '5f0b7a52-9c0e-4f83-b6a4-0f4a53a1c9d7';
  const entra = { ...needed, AUTH: 'entra', AUTH_TENANT_ID: TENANT, AUTH_AUDIENCE: CLIENT };

  it('needs a tenant and an audience, and AUTH=keys neither', () => {
    expect(faultsOf({ ...needed, AUTH: 'entra' })).toEqual([
      'AUTH_TENANT_ID is not set: it should be the id of the Entra tenant whose tokens count, for AUTH is entra',
      'AUTH_AUDIENCE is not set: it should be the client id of this API’s registration in Entra, for AUTH is entra',
    ]);
    expect(readSettings(needed)).toMatchObject({ AUTH: 'keys', AUTH_AUDIENCE: [] });
  });

  it.each([
    [CLIENT.toUpperCase(), [CLIENT, `api://${CLIENT}`]],
    [`api://${CLIENT}`, [CLIENT, `api://${CLIENT}`]],
    [`${CLIENT}, https://contoso.com/Invitations`, [CLIENT, `api://${CLIENT}`, 'https://contoso.com/Invitations']],
  ])('takes %s for every form that a token may name it by', (given, audiences) => {
    expect(readSettings({ ...entra, AUTH_AUDIENCE: given }).AUTH_AUDIENCE).toEqual(audiences);
  });

  it.each(['https://login.microsoftonline.us/', 'http://127.0.0.1:4500'])('takes %s for an authority', (given) => {
    expect(readSettings({ ...entra, AUTH_AUTHORITY: given }).AUTH_AUTHORITY).toBe(given.replace(/\/$/, ''));
  });

  it.each([
    `https://login.microsoftonline.com/${TENANT}`,
    'http://login.microsoftonline.com',
    'login.microsoftonline.com',
  ])('refuses %s for one', (given) => {
    expect(faultsOf({ ...entra, AUTH_AUTHORITY: given })).toEqual([
      `AUTH_AUTHORITY is "${given}": it should be https:// and a host, without a path, such as https://login.microsoftonline.us`,
    ]);
  });
});

it('never tells the value of a secret', () => {
  const secret = 'c2VjcmV0';
  const faults = faultsOf({
    ...needed,
    HASH_KEY: secret,
    TablesConnection__tableServiceUri: `account.table.core.windows.net?sig=${secret}`,
  });
  expect(faults).toHaveLength(2);
  expect(faults.join()).not.toContain(secret);
});

it('refuses a Key Vault reference that was not resolved, though it is long enough for a secret', () => {
  const reference = '@Microsoft.KeyVault(SecretUri=https://vault.vault.azure.net/secrets/HASH-KEY)';
  expect(faultsOf({ ...needed, HASH_KEY: reference })).toEqual([
    "HASH_KEY is a Key Vault reference that was not resolved: it should be one that the app's identity may read",
  ]);
});

it('puts every fault into its message', () => {
  expect(() => readSettings({ ...needed, ON_REVOKE: 'delete' })).toThrow(
    'The configuration is not valid:\n  ON_REVOKE is "delete": it should be keep or removeGuest',
  );
});

it.each([
  ['*/10 * * * * *', 10_000],
  ['0 * * * * *', 60_000],
  ['0 */5 * * * *', 300_000],
  ['*/60 * * * * *', undefined],
  ['0 */0 * * * *', undefined],
  ['0 0 * * * *', undefined],
  ['* * * * *', undefined],
])('reads the time between two runs from %s', (schedule, expected) => {
  expect(tickMs(schedule)).toBe(expected);
});

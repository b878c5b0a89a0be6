import { inspect } from 'node:util';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError } from '../../../../shared/settings';
import { readSources } from '../../../../shared/webhooks/readSources';

const SECRET = 'a-secret-of-more-than-16-characters';
const ENVIRONMENT = {
  VAULT: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/KEY)',
  KEY: SECRET,
  SHORT: 'short',
  HEX: 'zz'.repeat(10),
  NEXT: `${SECRET}-next`,
};
const verification = { type: 'gitHub', secrets: ['KEY'] };
const GOOD = { verification, mapping: '{}' };

const read = (sources: object) => readSources(JSON.stringify(sources), ENVIRONMENT);

function faultsOf(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

describe('readSources', () => {
  it.each([undefined, '', '  '])('knows no sources when SOURCES is %p', (setting) => {
    expect([...readSources(setting, {})]).toEqual([]);
  });

  it('reads a JSONC file, relative to the folder of the app, and joins the lines of an expression', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sources-'));
    writeFileSync(
      join(folder, 'sources.jsonc'),
      '// HR\n{ "hr": { "verification": {"type": "caller"}, "mapping": ["{", "}"], } }',
    );
    expect(readSources('sources.jsonc', {}, folder).get('hr')).toEqual({
      name: 'hr',
      verification: { type: 'caller' },
      format: { type: 'json' },
      pings: [],
      mapping: '{\n}',
    });
    rmSync(folder, { recursive: true });
  });

  it('says which file can’t be read', () => {
    expect(faultsOf(() => readSources('nowhere.json', {}, '/'))).toEqual([
      'SOURCES is "nowhere.json", which can’t be read (ENOENT): it should be JSON, or the path of a JSON file that is deployed with the app',
    ]);
  });

  it('says where JSON is broken', () => {
    expect(faultsOf(() => readSources('{\n "hr": [}', {}))).toEqual([
      'SOURCES is not valid JSON: value expected at line 2, column 9',
    ]);
  });

  it('shows secrets to no log', () => {
    const source = read({ hr: GOOD }).get('hr');
    expect(inspect(source, { depth: 10 }) + JSON.stringify(source)).not.toContain(SECRET);
    expect(source?.verification).toMatchObject({ type: 'hmac', toleranceMs: 300_000 });
  });

  it.each([
    ['an unknown type', { verification: { type: 'gitLab', secrets: ['KEY'] } }, /hr\.verification\.type/],
    [
      'no secrets',
      { verification: { type: 'gitHub', secrets: [] } },
      'hr.verification.secrets: must name one setting at least',
    ],
    [
      'a secret in place of its name',
      { verification: { type: 'gitHub', secrets: ['s3cr3t!'] } },
      'hr.verification.secrets.0: must be the name of a setting that holds the secret, such as BAMBOOHR_WEBHOOK_KEY',
    ],
    [
      'a secret that is not set',
      { verification: { type: 'gitHub', secrets: ['NONE'] } },
      'hr: verification.secrets: NONE is not set: it should hold a secret of 16 characters or more',
    ],
    [
      'a secret that the Key Vault did not give',
      { verification: { type: 'gitHub', secrets: ['VAULT'] } },
      'hr: verification.secrets: VAULT is a Key Vault reference that was not resolved: it should hold a secret of 16 characters or more',
    ],
    [
      'a secret that is too short',
      { verification: { type: 'gitHub', secrets: ['KEY', 'SHORT'] } },
      'hr: verification.secrets: SHORT is too short: it should hold a secret of 16 characters or more',
    ],
    [
      'a secret in another encoding',
      { verification: { type: 'standardWebhooks', secrets: ['KEY'] } },
      'hr: verification.secrets: KEY is not valid: it should hold a secret in base64',
    ],
    [
      'a tolerance of a day',
      { verification: { ...verification, tolerance: 'P1D' } },
      'hr.verification.tolerance: must be an ISO 8601 duration of one hour at most, such as PT5M',
    ],
    [
      'signed content without the body',
      { verification: { type: 'hmac', header: 'x-s', signedContent: 'x', secrets: ['KEY'] } },
      'hr.verification.signedContent: must name {body} once',
    ],
    [
      'braces of no meaning',
      { verification: { type: 'hmac', header: 'x-s', signedContent: '{url}{body}', secrets: ['KEY'] } },
      'hr.verification.signedContent: must hold no braces but {body}, {timestamp} and {header:NAME}',
    ],
    [
      'a timestamp that is not signed',
      { verification: { type: 'hmac', header: 'x-s', timestamp: { header: 'x-t' }, secrets: ['KEY'] } },
      'hr: verification: timestamp and {timestamp} in signedContent belong together; otherwise it is not signed, so anybody can change it',
    ],
    [
      'a signed timestamp from nowhere',
      { verification: { type: 'hmac', header: 'x-s', signedContent: '{timestamp}{body}', secrets: ['KEY'] } },
      'hr: verification: timestamp and {timestamp} in signedContent belong together; otherwise it is not signed, so anybody can change it',
    ],
    [
      'an event id that is not signed',
      { eventId: { header: 'x-github-delivery' } },
      'hr: eventId: header x-github-delivery is not signed, so anybody can change it; leave eventId out or take it from the payload',
    ],
    [
      'a token in both places',
      { verification: { type: 'token', header: 'x', query: 'y', secrets: ['KEY'] } },
      'hr.verification: must name either a header or a query parameter',
    ],
    [
      'a mapping that is not JSONata',
      { mapping: '{ "a": ' },
      'hr: mapping is not JSONata: Expected "}" before end of expression (S0203, at character 7)',
    ],
    ['a filter that is not JSONata', { filter: 'a = ' }, /^SOURCES: hr: filter is not JSONata: /],
    ['no mapping', { mapping: undefined }, /hr\.mapping/],
    ['an unknown property', { maping: '{}' }, 'hr.maping is not known'],
    [
      'a host to fetch from that is not on the list',
      { fetch: { url: 'https://evil.example.com/{id}', allowedHosts: ['api.example.com'] } },
      'hr.fetch.url: has host evil.example.com, which is not among allowedHosts',
    ],
    [
      'a token URL that is not on the list',
      {
        fetch: {
          url: 'https://api.example.com/',
          allowedHosts: ['api.example.com'],
          authorization: {
            type: 'clientCredentials',
            tokenUrl: 'https://login.example.com/',
            clientId: 'KEY',
            secret: 'KEY',
          },
        },
      },
      'hr.fetch.authorization.tokenUrl: has host login.example.com, which is not among allowedHosts',
    ],
    [
      'an address among the hosts',
      { fetch: { url: 'https://api.example.com/', allowedHosts: ['api.example.com', '10.0.0.1'] } },
      'hr.fetch.allowedHosts.1: must be a host name such as api.hibob.com',
    ],
    [
      'this machine among the hosts, where Graph is not on it',
      { fetch: { url: 'https://api.example.com/', allowedHosts: ['api.example.com', '127.0.0.1'] } },
      'hr: fetch.allowedHosts: 127.0.0.1 is for one machine only, where GRAPH_BASE_URL names a simulator on it',
    ],
    [
      'a secret to fetch with that is not set',
      {
        fetch: {
          url: 'https://api.example.com/',
          allowedHosts: ['api.example.com'],
          authorization: { type: 'header', header: 'x-key', secret: 'NONE' },
        },
      },
      'hr: fetch.authorization.secret: NONE is not set, or not resolved',
    ],
  ])('names %s', (_what, changes, expected) => {
    const faults = faultsOf(() => read({ hr: { ...GOOD, ...changes } }));
    expect(faults).toHaveLength(1);
    if (typeof expected === 'string') expect(faults[0]).toBe(`SOURCES: ${expected}`);
    else expect(faults[0]).toMatch(expected);
  });

  it('names a source whose name is none', () => {
    expect(faultsOf(() => read({ 'HR System': GOOD }))).toEqual([
      'SOURCES: HR System: a source’s name has small letters, digits and hyphens, 64 at most',
    ]);
  });

  it('names the faults of all sources at once', () => {
    const wrong = { ...GOOD, verification: { type: 'gitHub', secrets: ['NONE', 'SHORT'] }, filter: '(' };
    expect(faultsOf(() => read({ one: wrong, two: wrong }))).toHaveLength(6);
  });
});

it('takes this machine for a host to fetch from where Graph is simulated on it, by plain http', () => {
  const fetch = { url: 'http://127.0.0.1:8080/people/{id}', allowedHosts: ['127.0.0.1'] };
  const sources = JSON.stringify({ hr: { ...GOOD, fetch } });
  const here = { ...ENVIRONMENT, GRAPH_BASE_URL: 'http://127.0.0.1:4300' };
  expect(readSources(sources, here).get('hr')?.fetch?.url).toBe('http://127.0.0.1:8080/people/{id}');
  for (const elsewhere of ['https://graph.microsoft.com', 'http://127.0.0.1.example.com']) {
    expect(faultsOf(() => readSources(sources, { ...ENVIRONMENT, GRAPH_BASE_URL: elsewhere }))).toHaveLength(1);
  }
});

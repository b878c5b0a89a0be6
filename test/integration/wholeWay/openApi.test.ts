import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Operation } from '../../../shared/http/openApi/operation';
import { errorCodesOf } from '../../../shared/http/openApi/operation';
import { openApiDocument } from '../../../shared/http/openApi/document';
import { OPERATIONS } from '../../../shared/http/openApi/operations';
import { DOCUMENTED, holdToDocument } from '../../support/documented';
import { CLIENT_ID, TENANT, aSigningKey, appClaims, sign, startEntra } from '../../support/entra';
import { startHostProcess } from '../../support/hostProcess';
import { type WholeApp, invitationOf, startWholeApp } from '../../support/wholeApp';

/*
 * That nothing is answered which /openapi.json does not hold, every test of the whole app sees to (test/support/documented.ts).
 * Here: that it holds nothing which is never answered. What is not brought about here names the test that does.
 */

const ROOT = path.join(__dirname, '../../..');
const ID = '01900000-0000-7000-8000-000000000000';
const JSON_TYPE = { 'Content-Type': 'application/json' };

const NOTHING_BEHIND = {
  ServiceBusConnection:
    'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true;',
  TablesConnection: 'DefaultEndpointsProtocol=http;AccountName=x;AccountKey=eA==;TableEndpoint=http://127.0.0.1:1/x;',
  HASH_KEY: 'only-for-these-tests',
};

const isGuarded = ({ access }: Operation): boolean => typeof access !== 'string';

/** Calls operations of an app with nothing behind it, and tells what they answered. */
async function answersOf(
  settings: Record<string, string>,
  operations: readonly Operation[],
  headers: Record<string, string> = {},
): Promise<(string | undefined)[]> {
  const host = await startHostProcess({ appRoot: ROOT }, { ...NOTHING_BEHIND, ...settings });
  try {
    const names: (string | undefined)[] = [];
    for (const { method, path: route, body } of operations) {
      const target = `/api${route.replace('{id}', ID).replace('{source}', 'hr')}${route === '/invitations' ? '?email=ann@fabrikam.com' : ''}`;
      const given = body ? JSON.stringify(BODIES[body.schema]) : undefined;
      const response = await fetch(host.url(target.replace(method === 'post' ? /\?.*$/ : /^$/, '')), {
        method: method.toUpperCase(),
        headers: { ...headers, ...(given === undefined ? {} : JSON_TYPE) },
        ...(given === undefined ? {} : { body: given }),
      });
      const text = await response.text();
      const answer = {
        status: response.status,
        headers: response.headers,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
      names.push(holdToDocument(method, target, answer));
    }
    return names;
  } finally {
    await host.end();
  }
}

const GUEST = { invitedUserEmailAddress: 'ann@fabrikam.com', inviteRedirectUrl: 'https://myapp.contoso.com' };
const BODIES: Record<string, object> = {
  InvitationRequest: GUEST,
  BulkRequest: { invitations: [GUEST] },
  InvitationChange: { expireAfter: 'P40D' },
  ApprovalComment: { comment: 'Yes.' },
  SubscriptionRequest: { url: 'https://hooks.contoso.com/invitations' },
  WebhookPayload: {},
};

const having = (code: 'tablesUnavailable' | 'misconfigured' | 'signingKeysUnavailable') =>
  OPERATIONS.filter((operation) => errorCodesOf(operation).includes(code));
const named = (operations: readonly Operation[], answer: string) => operations.map(({ id }) => `${id} ${answer}`);

const ENTRA = { AUTH: 'entra', AUTH_TENANT_ID: TENANT, AUTH_AUDIENCE: CLIENT_ID };

it('is served as it is made, to anybody, without anything behind it', async () => {
  const host = await startHostProcess({ appRoot: ROOT }, { ...NOTHING_BEHIND, ...ENTRA, PARTITIONS: 'none' });
  const response = await fetch(host.url('/api/openapi.json'));
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  await host.end();
});

it('has 503 tablesUnavailable where tables that are away are answered so', async () => {
  const operations = having('tablesUnavailable');
  expect(await answersOf({}, operations)).toEqual(named(operations, '503 tablesUnavailable'));
});

it('has 503 misconfigured where a wrong setting is answered so', async () => {
  const operations = having('misconfigured');
  expect(await answersOf({ PARTITIONS: 'none' }, operations)).toEqual(named(operations, '503 misconfigured'));
});

describe('with AUTH=entra', () => {
  const guarded = OPERATIONS.filter(isGuarded);

  it('has 401 noToken and invalidToken and 403 missingRole for everything that asks who calls', async () => {
    const key = await aSigningKey('one');
    const entra = await startEntra([key]);
    const settings = { ...ENTRA, AUTH_AUTHORITY: entra.authority };
    const noRole = `Bearer ${await sign(key, appClaims(entra.authority, { roles: [] }))}`;
    expect(await answersOf(settings, guarded)).toEqual(named(guarded, '401 noToken'));
    expect(await answersOf(settings, guarded, { Authorization: 'Bearer none' })).toEqual(
      named(guarded, '401 invalidToken'),
    );
    expect(await answersOf(settings, guarded, { Authorization: noRole })).toEqual(named(guarded, '403 missingRole'));
    await entra.close();
  });

  it('has 503 signingKeysUnavailable where Entra gives no keys', async () => {
    const key = await aSigningKey('one');
    const authority = 'http://127.0.0.1:1';
    const token = await sign(key, appClaims(authority, { roles: ['Invitation.Manage'] }));
    const names = await answersOf({ ...ENTRA, AUTH_AUTHORITY: authority }, guarded, {
      Authorization: `Bearer ${token}`,
    });
    expect(names).toEqual(named(having('signingKeysUnavailable'), '503 signingKeysUnavailable'));
  });
});

/** Of every operation: brought about above. */
const GENERAL = /(?:tablesUnavailable|misconfigured|noToken|invalidToken|missingRole|signingKeysUnavailable)$/;

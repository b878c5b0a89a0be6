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

/** The tests that bring about the rest: each names the code. */
const ELSEWHERE: Record<string, string[]> = {
  'integration/wholeWay/webhookSamples.test.ts': [
    'answerWebhookHandshake 200',
    'answerWebhookHandshake 403',
    'receiveCallersWebhook 202',
    'receiveCallersWebhook 400 invalidJson',
    'receiveCallersWebhook 401 notVerified',
    'receiveWebhook 200',
    'receiveWebhook 202',
    'receiveWebhook 400 invalidJson',
    'receiveWebhook 401 notVerified',
  ],
  'unit/shared/webhooks/handshake.test.ts': ['receiveCallersWebhook 200'],
  'integration/workflow/bulkInvitations.test.ts': ['bulkInvitations 409 inProgress'],
  'integration/workflow/requestInvitation.test.ts': ['requestInvitation 409 inProgress'],
  'integration/wholeWay/operators.test.ts': ['confirmSent 202', 'retryInvitation 202', 'retryInvitation 409 duplicate'],
  'integration/wholeWay/pages.test.ts': ['resetRedemption 202'],
  'integration/wholeWay/patches.test.ts': ['patchInvitation 409 sendInProgress'],
  'unit/shared/domain/decisions.test.ts': [
    'resendInvitation 409 revokeInProgress',
    'resendInvitation 409 tooManySends',
  ],
  'unit/shared/domain/erase.test.ts': ['eraseInvitation 409 workOutstanding'],
  'unit/shared/domain/operatorDecisions.test.ts': [
    'confirmSent 409 sendInProgress',
    'confirmSent 409 tooManySends',
    'resetRedemption 409 tooManySends',
    'retryInvitation 409 sendInProgress',
    'retryInvitation 409 tooManySends',
  ],
};

/** What no test brings about by this name: the pace, a whole day's quota, an intent or a second claim at just that moment. */
const NOT_YET = [
  'giveRedeemUrl 409 sendInProgress',
  'giveRedeemUrl 429 paceUsedUp',
  'requestInvitation 429 callerQuotaReached',
  'resetRedemption 409 duplicate',
];

describe('with everything behind it', () => {
  let app: WholeApp;
  beforeAll(async () => {
    app = await startWholeApp({ QUOTA_PER_RECIPIENT: '3' });
  });
  afterAll(() => app.stop());

  const send = (method: string, target: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.call(method.toUpperCase(), `/api${target}`, {
      headers: { ...(body === undefined ? {} : JSON_TYPE), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const key = (value: string) => ({ 'Idempotency-Key': value });
  const held = async (email: string) => (await app.invite(email, { approval: { required: true } })).id;

  /** What every operation with such an id, key or body refuses. */
  async function refuseAll(id: string): Promise<void> {
    for (const { method, path: route, parameters = [], body } of OPERATIONS) {
      if (route.includes('{source}')) continue;
      const given = body && BODIES[body.schema];
      const target = route.replace('{id}', id);
      if (route.includes('{id}')) await send(method, route.replace('{id}', ID), given);
      if (parameters.some(({ name }) => name === 'Idempotency-Key'))
        await send(method, target, given, key('not a key'));
      if (!body) continue;
      await send(method, target, '{');
      await send(method, target, { nothing: 1 });
      await send(method, target, `"${'x'.repeat(1_100_000)}"`);
      await send(method, target, 'text', { 'Content-Type': 'text/plain' });
    }
    await send('GET', '/invitations?status=none');
    await send('DELETE', '/invitations');
    await send('POST', '/webhooks/nobody', {});
    await send('OPTIONS', '/webhooks/nobody');
    await send('POST', '/webhooks/nobody/asCaller', {});
    for (const target of ['/webhooks/nobody', '/webhooks/nobody/asCaller'])
      await send('POST', target, 'x'.repeat(300_000));
    await send('OPTIONS', '/webhooks/nobody', 'x'.repeat(300_000));
  }

  /** What becomes of people who are invited one way or another. */
  async function live(): Promise<void> {
    const { id } = await app.invite('ann@fabrikam.com');
    await app.until(id, 'pendingAcceptance');
    await app.invite('fay@fabrikam.com').catch(() => undefined);
    await app.post({ invitedUserEmailAddress: 'ann@fabrikam.com' });
    await app.post({ invitedUserEmailAddress: 'ann@fabrikam.com', onDuplicate: 'reject' });
    const { headers } = await app.get(id);
    await app.get(id, { 'If-None-Match': headers.get('etag') ?? '' });
    await send('GET', '/invitations');
    await app.patch(id, { expireAfter: 'P40D' }, key('patch'));
    await app.patch(id, { expireAfter: 'P41D' }, key('patch'));
    await app.patch(id, { notBefore: '2099-01-01T00:00:00Z' });
    for (const action of ['resend', 'redeemUrl', 'retry', 'confirmSent', 'resetRedemption'] as const)
      await app.act(id, action);
    await send('DELETE', `/invitations/${id}`);
    await app.act(id, 'revoke');
    for (const action of ['resend', 'redeemUrl'] as const) await app.act(id, action);
    await app.patch(id, { expireAfter: 'P42D' });
    await send('DELETE', `/invitations/${id}`);
    await send('DELETE', '/invitations?email=ann@fabrikam.com');
    for (const [email, action] of [
      ['ben@fabrikam.com', 'approve'],
      ['cy@fabrikam.com', 'reject'],
    ] as const) {
      const waiting = await held(email);
      const target = `/invitations/${waiting}`;
      await send('POST', `${target}/${action}`, { comment: 'Yes.' }, key('same'));
      await send('POST', `${target}/${action}`, { comment: 'No.' }, key('same'));
      await send('POST', `${target}/${action === 'approve' ? 'reject' : 'approve'}`);
      if (action === 'reject') await app.act(waiting, 'revoke');
    }
    for (const email of ['dee@fabrikam.com', 'eve@fabrikam.com']) {
      await send('POST', '/invitations', { invitedUserEmailAddress: email }, key('request'));
      await send('POST', '/invitations/bulk', { invitations: [{ invitedUserEmailAddress: email }] }, key('bulk'));
    }
    for (let time = 0; time < 4; time += 1)
      await app.post({ invitedUserEmailAddress: 'gus@fabrikam.com', onDuplicate: 'allow' });
  }

  /** What Graph, the kind or an erasure does not allow. */
  async function fail(): Promise<void> {
    const quiet = await app.invite('hal@fabrikam.com', { sendInvitationMessage: false });
    await app.until(quiet.id, 'pendingAcceptance');
    await app.act(quiet.id, 'resend');
    await app.graph.goAway();
    await app.act(quiet.id, 'redeemUrl');
    await app.graph.comeBack();
    await app.graph.redeem('hal@fabrikam.com');
    await app.act(quiet.id, 'redeemUrl');
    await app.act(quiet.id, 'revoke');
    await send('DELETE', `/invitations/${quiet.id}`);
    for (const action of ['retry', 'resetRedemption'] as const) await app.act(quiet.id, action);

    const share = {
      kind: 'driveItem',
      target: '/drives/b!x/items/01ABC',
      roles: ['read'],
      recipients: [{ alias: 'ida' }],
    };
    const { id } = invitationOf(await app.post(share));
    for (const action of ['redeemUrl', 'resetRedemption'] as const) await app.act(id, action);
  }

  async function inBulk(): Promise<void> {
    const invitations = [GUEST];
    await send('POST', '/invitations/bulk?dryRun=true', { invitations });
    await send('POST', '/invitations/bulk', 'nothing\r\n', { 'Content-Type': 'text/csv' });
    await send('POST', '/invitations/bulk', { invitations: Array.from({ length: 1001 }, () => ({})) });
  }

  async function subscribe(): Promise<void> {
    const ids: string[] = [];
    for (let time = 0; time < 21; time += 1) {
      const { body } = await send('POST', '/subscriptions', BODIES['SubscriptionRequest']);
      if (typeof body === 'object' && body !== null && 'id' in body) ids.push(String(body.id));
    }
    await send('GET', '/subscriptions');
    await send('GET', `/subscriptions/${ids[0]}`);
    for (const each of ids) await send('DELETE', `/subscriptions/${each}`);
  }

  it('has nothing that is never answered', async () => {
    const { id } = await app.invite('zoe@fabrikam.com');
    await refuseAll(id);
    await live();
    await fail();
    await inBulk();
    await subscribe();
    await send('GET', '/health');
    await send('GET', '/openapi.json');
    await app.stopBroker();
    await send('GET', '/health');

    const rest = DOCUMENTED.filter((name) => !GENERAL.test(name) && !app.answers.has(name));
    expect(rest.sort()).toEqual([...Object.values(ELSEWHERE).flat(), ...NOT_YET].sort());
  }, 120_000);

  it.each(Object.entries(ELSEWHERE))('is brought about in %s by name: %j', (file, names) => {
    const source = readFileSync(path.join(ROOT, 'test', file), 'utf8');
    const codes = names.map((name) => name.split(' ')[2] ?? name.split(' ')[1] ?? '');
    expect(codes.filter((code) => !source.includes(code))).toEqual([]);
  });
});

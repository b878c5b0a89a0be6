import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROLES, type Role } from '../../../shared/http/caller';
import {
  APP,
  CLIENT_ID,
  type Claims,
  type Entra,
  OTHER_APP,
  OTHER_TENANT,
  type SigningKey,
  TENANT,
  USER,
  aSigningKey,
  appClaims,
  sign,
  startEntra,
  unsigned,
  userClaims,
} from '../../support/entra';
import { type Answer, type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

/** `any`: the role is enough for every invitation. `own`: for those that the caller made. Any other role is not enough. */
interface Guarded {
  roles: Partial<Record<Role, 'any' | 'own'>>;
  /** Of a caller that may, to a fresh invitation that is pendingAcceptance. */
  answers: number;
  body?: () => object;
  /** Answers with invitations, of which `own` leaves out others’. */
  isList?: true;
}

/** Every HTTP function of the app. One that is new fails here until it has a row: decide who may call it. */
const ROUTES: Record<string, Guarded | 'open'> = {
  requestInvitation: { roles: { 'Invitation.Create': 'any' }, answers: 202, body: () => somebody() },
  bulkInvitations: {
    roles: { 'Invitation.Create': 'any' },
    answers: 202,
    body: () => ({ invitations: [somebody()] }),
  },
  getInvitation: {
    roles: { 'Invitation.Create': 'own', 'Invitation.Read.All': 'any', 'Invitation.Manage': 'any' },
    answers: 200,
  },
  listInvitations: {
    roles: { 'Invitation.Create': 'own', 'Invitation.Read.All': 'any', 'Invitation.Manage': 'any' },
    answers: 200,
    isList: true,
  },
  patchInvitation: {
    roles: { 'Invitation.Create': 'own', 'Invitation.Manage': 'any' },
    answers: 202,
    body: () => ({ expireAfter: 'P40D' }),
  },
  resendInvitation: { roles: { 'Invitation.Create': 'own', 'Invitation.Manage': 'any' }, answers: 202 },
  revokeInvitation: { roles: { 'Invitation.Create': 'own', 'Invitation.Manage': 'any' }, answers: 202 },
  giveRedeemUrl: { roles: { 'Invitation.Create': 'own', 'Invitation.Manage': 'any' }, answers: 200 },
  // Past the door: a pending invitation is none of their business, and they say so.
  retryInvitation: { roles: { 'Invitation.Manage': 'any' }, answers: 409 },
  confirmSent: { roles: { 'Invitation.Manage': 'any' }, answers: 409 },
  resetRedemption: { roles: { 'Invitation.Manage': 'any' }, answers: 409 },
  eraseInvitation: { roles: { 'Invitation.Manage': 'any' }, answers: 409 },
  approveInvitation: { roles: { 'Invitation.Approve': 'any' }, answers: 409 },
  rejectInvitation: { roles: { 'Invitation.Approve': 'any' }, answers: 409 },
  // Past the door: it names nobody.
  erasePerson: { roles: { 'Invitation.Manage': 'any' }, answers: 400 },
  createSubscription: {
    roles: { 'Invitation.Manage': 'any' },
    answers: 201,
    body: () => ({ url: 'https://hooks.contoso.com/invitations' }),
  },
  listSubscriptions: { roles: { 'Invitation.Manage': 'any' }, answers: 200 },
  // Past the door: the id is an invitation’s.
  getSubscription: { roles: { 'Invitation.Manage': 'any' }, answers: 404 },
  deleteSubscription: { roles: { 'Invitation.Manage': 'any' }, answers: 404 },
  // Past the door: no source has that name.
  receiveCallersWebhook: { roles: { 'Invitation.Create': 'any' }, answers: 404, body: () => ({}) },
  // A source has a proof of its own: signature, password, token.
  receiveWebhook: 'open',
  getHealth: 'open',
  getOpenApi: 'open',
};

const NO_ID = '01900000-0000-7000-8000-000000000000';

const identityPage = readFileSync(path.join(__dirname, '../../../docs/api-identity.md'), 'utf8').replaceAll(/ +/g, ' ');

let key: SigningKey;
let entra: Entra;
let app: WholeApp;
/** Made by APP; no refused request may leave a trace on it. */
let standing: string;

beforeAll(async () => {
  key = await aSigningKey('the-tenants-key');
  entra = await startEntra([key]);
  app = await startWholeApp({
    AUTH: 'entra',
    AUTH_TENANT_ID: TENANT,
    AUTH_AUDIENCE: `api://${CLIENT_ID}`,
    AUTH_AUTHORITY: entra.authority,
  });
  standing = await pendingOf(APP);
}, 60_000);
afterAll(async () => {
  await app.stop();
  await entra.close();
});

const shown: string[] = [];
const bearer = (token: string) => {
  shown.push(token);
  return { Authorization: `Bearer ${token}` };
};
const claimsOf = (azp: string, roles: readonly string[], changes: Claims = {}) =>
  appClaims(entra.authority, { azp, roles, ...changes });
/** Headers of an app with these roles. */
const as = async (azp: string, ...roles: Role[]) => bearer(await sign(key, claimsOf(azp, roles)));
const asUser = async (...roles: Role[]) => bearer(await sign(key, userClaims(entra.authority, { roles })));

let people = 0;
const somebody = () => {
  people += 1;
  return { invitedUserEmailAddress: `person${people}@fabrikam.com` };
};

const read = async (id: string) => invitationOf(await app.get(id, await as(OTHER_APP, 'Invitation.Read.All')));

async function pendingOf(azp: string): Promise<string> {
  const { id } = invitationOf(await app.post(somebody(), await as(azp, 'Invitation.Create')));
  await waitFor(async () => (await read(id)).status === 'pendingAcceptance', { describe: `${id} to be sent` });
  return id;
}

const guarded = Object.entries(ROUTES).flatMap(([name, row]) => (row === 'open' ? [] : [{ name, ...row }]));

/** Calls a function by its registered method and route. */
async function call(name: string, id: string, headers: Record<string, string>, query = ''): Promise<Answer> {
  const { methods, route } = app.host.functions.find((each) => each.name === name) ?? {};
  const row = ROUTES[name];
  const body = row === 'open' ? undefined : row?.body?.();
  return app.call(methods?.[0] ?? '', `${(route ?? '').replace('{id}', id)}${query}`, {
    headers: { ...headers, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

it('has a row for every HTTP function, and none for what is no function', () => {
  const registered = app.host.functions.filter(({ trigger }) => trigger === 'http').map(({ name }) => name);
  expect(Object.keys(ROUTES).sort()).toEqual(registered.sort());
});

it.each(guarded)('$name is in docs/api-identity.md with the same roles', ({ name, roles }) => {
  const { methods = [], route = '' } = app.host.functions.find((each) => each.name === name) ?? {};
  const cells = ROLES.map((role) => ({ any: 'yes', own: 'own', none: '' })[roles[role] ?? 'none']);
  for (const method of methods) {
    const row = `| \`${method} ${route.replace('/api', '')}\` | ${cells.join(' | ')} |`;
    expect(identityPage).toContain(row.replaceAll(/ +/g, ' '));
  }
});

const all = [...ROLES];
const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1000) - minutes * 60;

const BAD_TOKENS: [string, () => Promise<string>][] = [
  ['of a wrong audience', () => sign(key, claimsOf(APP, all, { aud: 'api://another' }))],
  ['of a wrong issuer', () => sign(key, claimsOf(APP, all, { iss: `https://login.example.com/${TENANT}/v2.0` }))],
  [
    'of a wrong tenant',
    () => sign(key, claimsOf(APP, all, { iss: `${entra.authority}/${OTHER_TENANT}/v2.0`, tid: OTHER_TENANT })),
  ],
  ['of a wrong tenant under the right issuer', () => sign(key, claimsOf(APP, all, { tid: OTHER_TENANT }))],
  ['that has expired', () => sign(key, claimsOf(APP, all, { nbf: minutesAgo(70), exp: minutesAgo(10) }))],
  ['that is not valid yet', () => sign(key, claimsOf(APP, all, { nbf: minutesAgo(-10) }))],
  ['with alg none', () => Promise.resolve(unsigned(claimsOf(APP, all)))],
  ['of another key', async () => sign(await aSigningKey(key.kid), claimsOf(APP, all))],
  ['that is none', () => Promise.resolve('none')],
];

describe.each(guarded)('$name', ({ name, roles, answers, isList }) => {
  it('answers 401 without credentials, and says what to send', async () => {
    const answer = await call(name, standing, {});
    expect([answer.status, answer.headers.get('www-authenticate'), errorOf(answer).code]).toEqual([
      401,
      'Bearer',
      'noToken',
    ]);
    expect(answer.headers.get('x-ms-error-code')).toBe('noToken');
  });

  it('answers 401 to a function key and to a token in the URL', async () => {
    const token = await sign(key, claimsOf(APP, all));
    expect((await call(name, standing, { 'x-functions-key': 'a-key' })).status).toBe(401);
    expect((await call(name, standing, {}, `?access_token=${token}`)).status).toBe(401);
  });

  it.each(BAD_TOKENS)('answers 401 to a token %s', async (_what, token) => {
    const answer = await call(name, standing, bearer(await token()));
    expect([answer.status, errorOf(answer).code]).toEqual([401, 'invalidToken']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token", error_description="[^"]+"$/);
  });

  it('answers 403 to a caller without a role, and names the one that is missing', async () => {
    const answer = await call(name, standing, await as(APP));
    expect([answer.status, errorOf(answer).code]).toEqual([403, 'missingRole']);
    for (const role of Object.keys(roles)) expect(errorOf(answer).message).toContain(role);
  });

  it.each(ROLES.filter((role) => !(role in roles)))('answers 403 to %s alone', async (role) => {
    const answer = await call(name, standing, await as(APP, role));
    expect([answer.status, errorOf(answer).code]).toEqual([403, 'missingRole']);
  });

  const anyRoles = ROLES.filter((role) => roles[role] === 'any');
  const ownRoles = ROLES.filter((role) => roles[role] === 'own');

  it.each(anyRoles)(`answers ${answers} to %s, app and user, whoever made the invitation`, async (role) => {
    expect((await call(name, await pendingOf(APP), await as(OTHER_APP, role))).status).toBe(answers);
    expect((await call(name, await pendingOf(APP), await asUser(role))).status).toBe(answers);
  });

  if (ownRoles.length === 0) return;
  it.each(ownRoles)(`answers ${answers} to %s for an invitation of its own`, async (role) => {
    expect((await call(name, await pendingOf(APP), await as(APP, role))).status).toBe(answers);
  });

  if (isList === true) {
    it.each(ownRoles)('leaves others’ invitations out for %s', async (role) => {
      const answer = await call(name, '', await as(OTHER_APP, role));
      expect([answer.status, JSON.stringify(answer.body).includes(standing)]).toEqual([answers, false]);
      const owners = await call(name, '', await as(APP, role));
      expect(JSON.stringify(owners.body)).toContain(standing);
    });
    return;
  }

  it.each(ownRoles)('answers to %s for another’s invitation as if there were none', async (role) => {
    const headers = await as(OTHER_APP, role);
    const [others, nobodys] = [await call(name, standing, headers), await call(name, NO_ID, headers)];
    expect([others.status, errorOf(others).code]).toEqual([404, 'notFound']);
    const withoutIds = ({ body }: Answer) => JSON.stringify(body).replaceAll(standing, 'ID').replaceAll(NO_ID, 'ID');
    expect(withoutIds(others)).toBe(withoutIds(nobodys));
  });
});

it('left no trace of all the refused requests', async () => {
  const { history } = await read(standing);
  expect(history.map(({ what, by }) => [what, by])).toEqual([
    ['requested', `app:${APP}`],
    ['sent', 'workflow'],
  ]);
});

it('answers 403, not 404, for another’s invitation that the caller may see and not change', async () => {
  const headers = await as(OTHER_APP, 'Invitation.Create', 'Invitation.Read.All');
  const answer = await app.act(standing, 'resend', headers);
  expect([answer.status, errorOf(answer).code]).toEqual([403, 'missingRole']);
  expect((await app.act(NO_ID, 'resend', headers)).status).toBe(404);
});

it('tells in the history who did what, by ids that stay', async () => {
  const id = await pendingOf(APP);
  expect((await app.act(id, 'revoke', await asUser('Invitation.Manage'))).status).toBe(202);
  const { history } = await read(id);
  expect(history.map(({ what, by }) => [what, by])).toEqual([
    ['requested', `app:${APP}`],
    ['sent', 'workflow'],
    ['revoked', `user:${USER}`],
  ]);
  // What else the token says of the user is nobody's business.
  expect(JSON.stringify(history)).not.toContain('Ann Example');
});

describe('two callers', () => {
  it('have Idempotency-Keys of their own for requests', async () => {
    const sameKey = { 'Idempotency-Key': 'the-same' };
    const [one, other] = [
      { ...sameKey, ...(await as(APP, 'Invitation.Create')) },
      { ...sameKey, ...(await as(OTHER_APP, 'Invitation.Create')) },
    ];
    const [body, otherBody] = [somebody(), somebody()];
    const first = invitationOf(await app.post(body, one));
    const second = await app.post(otherBody, other);
    expect(second.status).toBe(202);
    expect(invitationOf(second).id).not.toBe(first.id);
    expect(invitationOf(await app.post(body, one)).id).toBe(first.id);
    expect(invitationOf(await app.post(otherBody, other)).id).toBe(invitationOf(second).id);
    // Of one caller, another body under the key is still refused.
    expect((await app.post(otherBody, one)).status).toBe(422);
  });

  it('have Idempotency-Keys of their own for decisions', async () => {
    const id = await pendingOf(APP);
    const sameKey = { 'Idempotency-Key': 'the-same' };
    const resend = async (azp: string) =>
      (await app.act(id, 'resend', { ...sameKey, ...(await as(azp, 'Invitation.Manage')) })).status;
    expect(await resend(APP)).toBe(202);
    expect((await app.act(id, 'revoke', await as(APP, 'Invitation.Manage'))).status).toBe(202);
    // A repeat answers as before; the same key of somebody else is no repeat, and it is too late for a re-send.
    expect([await resend(APP), await resend(OTHER_APP)]).toEqual([202, 409]);
  });

  it('invite a person once, and only who may read all sees the other’s invitation', async () => {
    const body = somebody();
    const { id } = invitationOf(await app.post({ ...body, source: 'hr' }, await as(APP, 'Invitation.Create')));
    const ask = async (headers: Record<string, string>, more: object = {}) => app.post({ ...body, ...more }, headers);

    const withCreate = await as(OTHER_APP, 'Invitation.Create');
    for (const headers of [
      withCreate,
      { ...withCreate, 'Idempotency-Key': 'dup' },
      { ...withCreate, 'Idempotency-Key': 'dup' },
    ]) {
      const answer = await ask(headers);
      expect([answer.status, errorOf(answer)]).toEqual([
        409,
        {
          code: 'duplicate',
          message: 'This person has an open invitation already. Another caller made it.',
          target: 'invitedUserEmailAddress',
        },
      ]);
      expect(answer.headers.get('location')).toBeNull();
    }
    const rejected = await ask(withCreate, { onDuplicate: 'reject' });
    expect([rejected.status, JSON.stringify(rejected.body).includes(id)]).toEqual([409, false]);

    const own = await ask(await as(APP, 'Invitation.Create'));
    expect([own.status, invitationOf(own).id]).toEqual([200, id]);
    const reader = await ask(await as(OTHER_APP, 'Invitation.Create', 'Invitation.Read.All'));
    expect([reader.status, invitationOf(reader).id]).toEqual([200, id]);
  });
});

describe('who may see its own invitations alone', () => {
  it('replaces none of another’s: it is told that there is none', async () => {
    const answer = await app.post({ ...somebody(), replaces: standing }, await as(OTHER_APP, 'Invitation.Create'));
    expect([answer.status, errorOf(answer).details]).toMatchObject([400, [{ code: 'notFound', target: 'replaces' }]]);
    expect((await read(standing)).status).toBe('pendingAcceptance');
  });

  it('is not shown another’s among the recipients of one request', async () => {
    const [mine, theirs] = [somebody().invitedUserEmailAddress, somebody().invitedUserEmailAddress];
    const share = (...emails: string[]) => ({
      kind: 'driveItem',
      target: '/drives/b!1/items/01ABC',
      recipients: emails.map((email) => ({ email })),
      roles: ['read'],
    });
    const { id } = invitationOf(await app.post(share(theirs), await as(APP, 'Invitation.Create')));
    const answer = await app.post(share(mine, theirs), await as(OTHER_APP, 'Invitation.Create'));
    expect(answer.status).toBe(202);
    expect(JSON.stringify(answer.body)).toContain('Another caller made it.');
    expect(JSON.stringify(answer.body)).not.toContain(id);
  });
});

it('tells anybody whether the app is well, and why not to those alone who may read all', async () => {
  await app.stopBroker();
  const health = async (headers: Record<string, string>) => (await call('getHealth', '', headers)).body;
  const summary = {
    status: 'unhealthy',
    checks: {
      tables: { status: 'ok' },
      queue: { status: 'failing' },
      graphToken: { status: 'ok' },
      gate: { status: 'ok' },
      events: { status: 'ok' },
      webhooks: { status: 'ok' },
    },
  };
  expect(await health({})).toEqual(summary);
  expect(await health(bearer('none'))).toEqual(summary);
  expect(await health(await as(APP, 'Invitation.Create'))).toEqual(summary);
  expect(await health(await as(APP, 'Invitation.Read.All'))).toMatchObject({
    checks: { queue: { status: 'failing', detail: expect.any(String) as string } },
  });
});

it('wrote no token into any log', () => {
  const logs = [...app.host.logs.map((entry) => JSON.stringify(entry)), ...app.host.output].join('\n');
  const signatures = shown.flatMap((token) => token.split('.')[2] || []);
  expect(signatures.length).toBeGreaterThan(50);
  expect(signatures.filter((signature) => logs.includes(signature))).toEqual([]);
});

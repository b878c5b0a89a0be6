import type { GraphOptions } from '../../../shared/graph/callGraph';
import { makeDriveItem } from '../../../shared/graph/driveItem';
import { omit } from '../../support/invitations';
import { aShareRequest } from '../../support/kinds';
import { inviteBodySchema } from '../../support/graphSchemas';
import { ITEM, useSimulator } from '../graphSimulator/simulated';
import { ATTEMPT, anAttempt, callerOf, useRawServer } from './graphUnderTest';

const simulator = useSimulator();
const raw = useRawServer();

const driveItemAt = (baseUrl: string, changes: Partial<GraphOptions> = {}) => makeDriveItem(callerOf(baseUrl, changes));
const graph = () => driveItemAt(simulator.baseUrl());
const canned = () => driveItemAt(raw.baseUrl(), { callTimeoutMs: 2_000 });

const ADA = 'ada@fabrikam.example';
const RECIPIENT = { email: ADA };

const answer = (body: unknown, status = 200) =>
  raw.answerWith((response) =>
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)),
  );

const shareWith = (changes: Parameters<typeof aShareRequest>[0] = {}) =>
  canned().share(aShareRequest(changes), anAttempt());

describe('sharing', () => {
  it('makes the permission, mails, and keeps what Graph says of it but no link', async () => {
    const userId = await simulator.addUser(ADA, 'Accepted');
    const shared = await graph().share(aShareRequest({ message: 'Have a look' }), anAttempt());
    expect(shared).toMatchObject({
      type: 'shared',
      permission: {
        isUsed: true,
        record: {
          roles: ['read'],
          grantedTo: { user: { id: userId } },
          invitation: { email: ADA, signInRequired: true },
        },
      },
    });
    expect(JSON.stringify(shared)).not.toMatch(/link|:\/\//);
    expect(await simulator.mails()).toMatchObject([
      { kind: 'driveItem', to: ADA, message: 'Have a look', clientRequestId: ATTEMPT },
    ]);
  });

  it('sends Graph’s own parameters and no other, to the item’s own path', async () => {
    answer({ value: [{ id: 'permission-1' }] });
    const full = aShareRequest({
      target: '/shares/u!aHR0/items/a%2Cb',
      roles: ['write'],
      message: 'Hello',
      password: 'hunter2',
      expirationDateTime: '2026-12-01T09:00:00.000Z',
      retainInheritedPermissions: false,
      recipients: [{ email: ADA, alias: 'ada', objectId: 'cbb896f9-8306-49d0-b56b-b8e39cd28825' }],
      notBefore: '2026-03-10T08:00:00.000Z',
      metadata: { ours: 'alone' },
      externalId: 'x',
    });
    await canned().share(full, anAttempt());
    const [{ method, url, headers, body } = { method: '', url: '', headers: {}, body: '' }] = raw.arrived;
    expect([method, url, headers['client-request-id']]).toEqual([
      'POST',
      '/v1.0/shares/u!aHR0/items/a%2Cb/invite',
      ATTEMPT,
    ]);
    expect(JSON.parse(body)).toEqual({
      requireSignIn: true,
      roles: ['write'],
      sendInvitation: true,
      message: 'Hello',
      expirationDateTime: '2026-12-01T09:00:00.000Z',
      password: 'hunter2',
      retainInheritedPermissions: false,
      recipients: [
        {
          '@odata.type': 'microsoft.graph.driveRecipient',
          email: ADA,
          alias: 'ada',
          objectId: 'cbb896f9-8306-49d0-b56b-b8e39cd28825',
        },
      ],
    });
    expect(inviteBodySchema.safeParse(JSON.parse(body)).success).toBe(true);
  });

  it('makes no call once the lease is over', async () => {
    const late = await canned().share(aShareRequest(), anAttempt({ mayStillCall: () => false }));
    expect(late).toMatchObject({ type: 'later', fault: { code: 'leaseOver' } });
    expect(raw.arrived).toEqual([]);
  });

  it('takes 207 for shared without mail, with Graph’s reason', async () => {
    await simulator.addUser(ADA, 'Accepted');
    await simulator.behave({ sharingMailsFail: [ADA] });
    expect(await graph().share(aShareRequest(), anAttempt())).toMatchObject({
      type: 'unmailed',
      permission: { record: { roles: ['read'] } },
      fault: { code: 'notAllowed', message: 'Account verification needed to unblock sending emails.' },
    });
  });

  it('takes an error without a permission for a refusal', async () => {
    answer({ value: [{ error: { code: 'accessDenied', message: 'No.' } }] }, 207);
    expect(await shareWith()).toEqual({
      type: 'refused',
      status: 400,
      fault: { code: 'accessDenied', message: 'No.' },
    });
  });

  it.each([
    ['nothing', undefined],
    ['no collection', {}],
    ['an empty collection', { value: [] }],
    ['a permission without id', { value: [{ roles: ['read'] }] }],
    ['an id that is none', { value: [{ id: 'x'.repeat(1001) }] }],
    ['a permission that is none', { value: ['permission-1'] }],
  ])('does not know whether it is shared where Graph answers 200 with %s', async (_what, body) => {
    answer(body);
    expect(await shareWith()).toEqual({
      type: 'unknown',
      fault: { code: 'unreadableAnswer', message: 'Graph’s answer can’t be read.' },
    });
  });

  it.each([
    [400, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [429, 'throttled'],
    [401, 'tenant'],
    [500, 'unknown'],
    [503, 'unknown'],
  ])('tells %d with its status, as %s', async (status, type) => {
    answer({ error: { code: 'someCode', message: 'Some words.' } }, status);
    expect(await shareWith()).toMatchObject({ type, status, fault: { code: 'someCode' } });
  });

  it('never repeats the password, whatever Graph says of it', async () => {
    const error = { code: 'invalidRequest', message: 'The password hunter2 is too simple.' };
    answer({ error }, 400);
    expect(JSON.stringify(await shareWith({ password: 'hunter2' }))).not.toContain('hunter2');
    answer({ value: [{ id: 'permission-1', error }] }, 207);
    expect(JSON.stringify(await shareWith({ password: 'hunter2' }))).not.toContain('hunter2');
    answer({ error }, 400);
    expect(await shareWith({ password: 'another' })).toMatchObject({ fault: error });
  });
});

describe('what is kept of a permission', () => {
  /** The answer on the page "invite", as it stands there, with secrets where Graph would put them. */
  const PAGE = {
    '@odata.type': '#microsoft.graph.permission',
    id: '14abd5c8-d5c8-14ab-c8d5-ab14c8d5ab14',
    expirationDateTime: '2016-12-31T23:59:41.3794411+00:00',
    grantedTo: { '@odata.type': 'microsoft.graph.identitySet' },
    grantedToIdentities: [{ '@odata.type': 'microsoft.graph.identitySet' }],
    hasPassword: true,
    inheritedFrom: { '@odata.type': 'microsoft.graph.itemReference' },
    invitation: { '@odata.type': 'microsoft.graph.sharingInvitation' },
    link: { '@odata.type': 'microsoft.graph.sharingLink', webUrl: 'https://contoso.sharepoint.com/:w:/secret' },
    roles: ['Roles value'],
    shareId: 'Share Id value',
  };

  const recordOf = async (permission: object) => {
    answer({ value: [permission] });
    const shared = await shareWith();
    if (shared.type !== 'shared') throw new Error(shared.type);
    return shared.permission.record;
  };

  it('is what the page answers, without the link', async () => {
    expect(await recordOf(PAGE)).toEqual(omit(PAGE, 'link', '@odata.type'));
  });

  it('holds no URL, wherever Graph put one', async () => {
    const secret = 'https://contoso.sharepoint.com/:w:/s/secret?e=ticket';
    const record = await recordOf({
      ...PAGE,
      shareId: secret,
      roles: ['read', secret],
      invitation: { email: ADA, deep: [{ redeemUrl: `See ${secret}.` }] },
      grantedTo: { user: { id: 'user-1', webUrl: secret } },
      inheritedFrom: { path: secret },
      grantedToIdentities: [{ link: { webUrl: secret } }],
    });
    expect(JSON.stringify(record)).not.toMatch(/secret|ticket|:\/\//);
    expect(record).toMatchObject({ invitation: { email: ADA }, grantedTo: { user: { id: 'user-1' } } });
  });

  it('is bounded, property by property', async () => {
    const record = await recordOf({
      ...PAGE,
      roles: Array.from({ length: 1000 }, () => 'read'),
      grantedToIdentities: Array.from({ length: 500 }, (_, index) => ({ user: { id: `user-${index}` } })),
      invitation: { email: ADA, note: 'x'.repeat(2000) },
    });
    expect(Object.keys(record).sort()).toEqual([
      'expirationDateTime',
      'grantedTo',
      'hasPassword',
      'id',
      'inheritedFrom',
      'shareId',
    ]);
  });

  it('leaves out what Graph says null of', async () => {
    expect(await recordOf({ id: 'permission-1', grantedTo: null, invitation: null, link: null })).toEqual({
      id: 'permission-1',
    });
  });

  it.each([
    ['a user', { grantedTo: { user: { id: 'user-1' } } }, true],
    ['a user, in the newer property', { grantedToV2: { user: { id: 'user-1' } } }, true],
    ['a user of the site', { grantedToV2: { siteUser: { id: '7' } } }, true],
    ['an address alone', { grantedTo: { user: { email: ADA } } }, false],
    ['nobody', { grantedTo: {} }, false],
  ])('knows it is used where it is granted to %s', async (_whom, granted, isUsed) => {
    answer({ value: [{ id: 'permission-1', ...granted }] });
    expect(await shareWith()).toMatchObject({ permission: { isUsed } });
  });
});

describe('finding the permission of a person', () => {
  const find = (recipient: object = RECIPIENT, userId?: string) => canned().findPermission(ITEM, recipient, userId);

  it('finds what was shared, by address in any case, by user and by object id, and Graph’s own clock', async () => {
    const userId = await simulator.addUser(ADA, 'Accepted');
    await simulator.share({ recipients: [{ email: ADA }] });
    for (const [recipient, id] of [
      [{ email: 'ADA@Fabrikam.example' }],
      [{ alias: 'x' }, userId],
      [{ objectId: userId.toUpperCase() }],
    ] as const) {
      const found = await graph().findPermission(ITEM, recipient, id);
      expect(found).toMatchObject({ type: 'found', permission: { record: { grantedTo: { user: { id: userId } } } } });
      expect(found.type === 'found' && found.graphNow).toMatch(/^\d{4}-.*\.000Z$/);
    }
    expect(await graph().findPermission(ITEM, { email: 'bob@fabrikam.example' })).toMatchObject({
      permission: undefined,
    });
  });

  it('looks through every page', async () => {
    for (const name of ['a', 'b', 'c', 'ada']) await simulator.addUser(`${name}@fabrikam.example`, 'Accepted');
    for (const name of ['a', 'b', 'c', 'ada'])
      await simulator.share({ recipients: [{ email: `${name}@fabrikam.example` }] });
    await simulator.behave({ permissionPageSize: 1 });
    expect(await graph().findPermission(ITEM, RECIPIENT)).toMatchObject({
      permission: { record: { invitation: { email: ADA } } },
    });
  });

  it.each([
    ['inherited', { inheritedFrom: { id: 'parent' } }],
    ['a sharing link', { link: { type: 'view' } }],
    ['another person’s', { invitation: { email: 'bob@fabrikam.example' } }],
    ['of nobody who is named', { invitation: { email: 'no address' } }],
  ])('is not one that is %s', async (_what, changes) => {
    answer({ value: [{ id: 'permission-1', invitation: { email: ADA }, ...changes }] });
    expect(await find()).toMatchObject({ type: 'found', permission: undefined });
  });

  it.each([
    [
      'annotations alone say of parent and link',
      { inheritedFrom: { '@odata.type': 'x' }, link: { '@odata.type': 'y' }, invitation: { email: ADA } },
    ],
    ['a user’s own address', { grantedTo: { user: { email: 'Ada@Fabrikam.example' } } }],
    ['the address of the site’s user', { grantedToV2: { siteUser: { id: '7', email: ADA } } }],
  ])('is one that is known by %s', async (_what, changes) => {
    answer({ value: [{ id: 'permission-1', ...changes }] });
    expect(await find()).toMatchObject({ permission: { id: 'permission-1' } });
  });

  it('takes the number of a site’s user for nobody’s id', async () => {
    answer({ value: [{ id: 'permission-1', grantedToV2: { siteUser: { id: '7' } } }] });
    expect(await find({ alias: 'ada' }, '7')).toMatchObject({ permission: undefined });
  });

  it.each([
    'https://graph.microsoft.com/v1.0/users?$skiptoken=1',
    'not a URL',
    'https://graph.microsoft.com/v1.0/drives/d/items/i/permissions',
  ])('does not take a page that leads to %j for the last one', async (link) => {
    answer({ value: [], '@odata.nextLink': link });
    expect(await find()).toMatchObject({ type: 'unknown', fault: { code: 'unreadableAnswer' } });
    expect(raw.arrived).toHaveLength(1);
  });

  it('follows a link on the same host and the same list, whatever it names', async () => {
    let page = 0;
    raw.answerWith((response) => {
      page += 1;
      const next = { '@odata.nextLink': 'https://evil.example/v1.0/drives/other/items/x/permissions?$skiptoken=a%20b' };
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ value: page < 3 ? [] : [{ id: 'permission-1', invitation: { email: ADA } }], ...next }));
    });
    expect(await find()).toMatchObject({ permission: { id: 'permission-1' } });
    expect(raw.arrived.map(({ url }) => url)).toEqual([
      `/v1.0${ITEM}/permissions`,
      `/v1.0${ITEM}/permissions?$skiptoken=a%20b`,
      `/v1.0${ITEM}/permissions?$skiptoken=a%20b`,
    ]);
  });

  it('says so where the list has no end', async () => {
    answer({
      value: [],
      '@odata.nextLink': 'https://graph.microsoft.com/v1.0/drives/d/items/i/permissions?$skiptoken=1',
    });
    expect(await find()).toEqual({ type: 'notSearched' });
    expect(raw.arrived).toHaveLength(20);
  });

  it.each([
    ['a fault', 503, { error: { code: 'serviceNotAvailable', message: 'x' } }, 'unknown'],
    ['a missing item', 404, { error: { code: 'itemNotFound', message: 'x' } }, 'refused'],
    ['what is no list', 200, { value: 'x' }, 'unknown'],
    ['a match without id', 200, { value: [{ invitation: { email: ADA } }] }, 'unknown'],
  ])('does not take %s for nobody', async (_what, status, body, type) => {
    answer(body, status);
    expect(await find()).toMatchObject({ type });
  });
});

describe('reading a permission back', () => {
  it('reads what is there, and knows what is not', async () => {
    await simulator.addUser(ADA, 'Accepted');
    const shared = await graph().share(aShareRequest(), anAttempt());
    if (shared.type !== 'shared') throw new Error(shared.type);
    const { id } = shared.permission;
    expect(await graph().readPermission(ITEM, id)).toMatchObject({ type: 'found', permission: { id } });
    expect(await graph().readPermission(ITEM, 'another')).toMatchObject({ type: 'found', permission: undefined });
  });

  it('finds nothing after a 200 that made none', async () => {
    await simulator.addUser(ADA, 'Accepted');
    await simulator.behave({ sharesLost: 1 });
    const shared = await graph().share(aShareRequest(), anAttempt());
    if (shared.type !== 'shared') throw new Error(shared.type);
    expect(await graph().readPermission(ITEM, shared.permission.id)).toMatchObject({ permission: undefined });
  });

  it.each([[{}], [{ roles: ['read'] }], ['text']])('does not take 200 with %j for "not there"', async (body) => {
    answer(body);
    expect(await canned().readPermission(ITEM, 'x')).toMatchObject({ type: 'unknown' });
  });

  it('tells a fault as it is, and encodes the id', async () => {
    answer({ error: { code: 'x', message: 'y' } }, 500);
    expect(await canned().readPermission(ITEM, 'a/b?c')).toMatchObject({ type: 'unknown' });
    expect(raw.arrived[0]?.url).toBe(`/v1.0${ITEM}/permissions/a%2Fb%3Fc`);
  });
});

describe('taking a permission back', () => {
  it('deletes it, and is done too where it was gone', async () => {
    await simulator.addUser(ADA, 'Accepted');
    const shared = await graph().share(aShareRequest(), anAttempt());
    if (shared.type !== 'shared') throw new Error(shared.type);
    const { id } = shared.permission;
    expect(await graph().deletePermission(ITEM, id, anAttempt())).toEqual({ type: 'removed' });
    expect(await simulator.permissions()).toEqual([]);
    expect(await graph().deletePermission(ITEM, id, anAttempt())).toEqual({ type: 'removed' });
  });

  it('takes a missing permission for this item’s fault, not for the tenant’s', async () => {
    answer({ error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } }, 403);
    expect(await canned().deletePermission(ITEM, 'x', anAttempt())).toMatchObject({ type: 'refused' });
  });

  it('makes no call once the lease is over, and does not know what a lost answer was', async () => {
    expect(await canned().deletePermission(ITEM, 'x', anAttempt({ mayStillCall: () => false }))).toMatchObject({
      type: 'later',
    });
    expect(raw.arrived).toEqual([]);
    raw.answerWith((response) => response.destroy());
    expect(await canned().deletePermission(ITEM, 'x', anAttempt())).toMatchObject({ type: 'unknown' });
  });
});

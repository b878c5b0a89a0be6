import { z } from 'zod';
import {
  errorSchema,
  inviteBodySchema,
  partialSuccessSchema,
  permissionCollectionSchema,
  permissionSchema,
} from '../../support/graphSchemas';
import { faultOf, ITEM, matching, permissionOf, useSimulator, userIdOf } from './simulated';

const ANN = { recipients: [{ email: 'ann@fabrikam.com' }] };

describe('POST …/invite of the Graph simulator', () => {
  const graph = useSimulator();

  it('makes a permission for a user of the directory, and mails nobody unasked', async () => {
    const id = await graph.addUser('ann@fabrikam.com', 'Accepted');
    const answer = await graph.share({ ...ANN, roles: ['write'], requireSignIn: true });
    const user = { id, displayName: 'ann' };
    expect(answer.status).toBe(200);
    expect(permissionOf(answer)).toEqual({
      id: matching(/^\w{20,}$/),
      roles: ['write'],
      grantedTo: { user },
      grantedToV2: { user },
      invitation: { email: 'ann@fabrikam.com', signInRequired: true },
      hasPassword: false,
      shareId: matching(/^s!/),
    });
    expect(await graph.mails()).toEqual([]);
  });

  it('grants to a member of the tenant and to a guest who has not accepted, too', async () => {
    const member = await graph.addUser('eve@contoso.com', null);
    const guest = userIdOf(await graph.invite('ann@fabrikam.com'));
    const { body } = await graph.share({ recipients: [{ email: 'Eve@contoso.com' }, ...ANN.recipients] });
    expect(body['value']).toMatchObject([
      { grantedTo: { user: { id: member } } },
      { grantedTo: { user: { id: guest } } },
    ]);
  });

  it('finds a recipient by objectId first, then by email, then by alias', async () => {
    const ann = await graph.addUser('ann@fabrikam.com', 'Accepted');
    const bob = await graph.addUser('bob@fabrikam.com', 'Accepted');
    const grantedTo = async (recipient: object) => {
      const answer = await graph.share({ recipients: [recipient] });
      return z.object({ user: z.object({ id: z.string() }) }).parse(permissionOf(answer)['grantedTo']).user.id;
    };
    expect(await grantedTo({ alias: 'Ann' })).toBe(ann);
    expect(await grantedTo({ objectId: ann.toUpperCase() })).toBe(ann);
    expect(await grantedTo({ alias: 'ann', email: 'bob@fabrikam.com' })).toBe(bob);
    expect(await grantedTo({ alias: 'bob', email: 'bob@fabrikam.com', objectId: ann })).toBe(ann);
  });

  it('mails what the caller wrote when asked to, with a link', async () => {
    await graph.addUser('ann@fabrikam.com', 'Accepted');
    const answer = await graph.call(
      'POST',
      `/v1.0${ITEM}/invite`,
      { ...ANN, roles: ['read'], sendInvitation: true, message: 'Have a look' },
      {
        headers: {
          Authorization: 'Bearer token',
          'Content-Type': 'application/json',
          'client-request-id': '6f1c3d52-attempt',
        },
      },
    );
    expect(await graph.mails()).toEqual([
      {
        kind: 'driveItem',
        to: 'ann@fabrikam.com',
        cc: [],
        at: matching(/^\d{4}-.*Z$/),
        itemPath: '/drives/b!drive/items/01ITEM',
        permissionId: permissionOf(answer).id,
        message: 'Have a look',
        redeemUrl: matching(/^http:\/\/127\.0\.0\.1:\d+\/redeem\/\?ticket=/),
        clientRequestId: '6f1c3d52-attempt',
      },
    ]);
    expect(await graph.requests()).toMatchObject([{ email: 'ann@fabrikam.com', status: 200 }]);
  });

  it('keeps the permission of who is invited again, unites the roles and mails again', async () => {
    await graph.addUser('ann@fabrikam.com', 'Accepted');
    const expirationDateTime = '2999-12-31T00:00:00Z';
    const first = permissionOf(await graph.share({ ...ANN, sendInvitation: true, expirationDateTime, password: 'x' }));
    const again = await graph.share({ recipients: [{ alias: 'ann' }], roles: ['write'], sendInvitation: true });
    expect(permissionOf(again)).toEqual({ ...first, roles: ['read', 'write'] });
    expect(await graph.permissions()).toEqual([permissionOf(again)]);
    expect(await graph.mails()).toHaveLength(2);
  });

  it('makes one permission of a recipient who is named twice', async () => {
    await graph.addUser('ann@fabrikam.com', 'Accepted');
    const answer = await graph.share({ recipients: [{ alias: 'ann' }, ...ANN.recipients], sendInvitation: true });
    expect(permissionOf(answer)['id']).toEqual((await graph.permissions())[0]?.['id']);
    expect(await graph.mails()).toHaveLength(1);
  });

  it('makes another permission after the first was deleted', async () => {
    await graph.addUser('ann@fabrikam.com', 'Accepted');
    const { id } = permissionOf(await graph.share(ANN));
    expect((await graph.call('DELETE', `/v1.0${ITEM}/permissions/${id}`)).status).toBe(204);
    expect((await graph.call('DELETE', `/v1.0${ITEM}/permissions/${id}`)).status).toBe(404);
    expect((await graph.call('GET', `/v1.0${ITEM}/permissions/${id}`)).status).toBe(404);
    expect(permissionOf(await graph.share(ANN)).id).not.toBe(id);
  });

  it('answers 207 with the error of a recipient whose mail failed, whose permission is there all the same', async () => {
    await graph.addUser('ann@fabrikam.com', 'Accepted');
    await graph.addUser('bob@fabrikam.com', 'Accepted');
    await graph.behave({ sharingMailsFail: ['Ann@Fabrikam.com'] });
    const both = { recipients: [...ANN.recipients, { email: 'bob@fabrikam.com' }] };
    const { status, body } = await graph.share({ ...both, sendInvitation: true });
    expect(status).toBe(207);
    const [ann, bob] = partialSuccessSchema.parse(body).value;
    expect(ann?.error).toEqual({
      code: 'notAllowed',
      message: 'Account verification needed to unblock sending emails.',
      innererror: { code: 'accountVerificationRequired' },
    });
    expect(bob).not.toHaveProperty('error');
    expect(await graph.permissions()).toMatchObject([{ id: ann?.id }, { id: bob?.id }]);
    expect(await graph.mails()).toMatchObject([{ to: 'bob@fabrikam.com' }]);
    expect((await graph.share(both)).status).toBe(200);
  });

  it('leaves no permission and sends no mail while shares are lost, though it answers 200', async () => {
    await graph.addUser('ann@fabrikam.com', 'Accepted');
    await graph.behave({ sharesLost: 1 });
    const lost = await graph.share({ ...ANN, sendInvitation: true });
    expect(lost.status).toBe(200);
    expect((await graph.call('GET', `/v1.0${ITEM}/permissions/${permissionOf(lost).id}`)).status).toBe(404);
    expect(await graph.permissions()).toEqual([]);
    expect(await graph.mails()).toEqual([]);
    await graph.share(ANN);
    expect(await graph.permissions()).toHaveLength(1);
  });

  it('answers as Microsoft publishes it, and takes what Microsoft publishes', async () => {
    await graph.addUser('ann@fabrikam.com', 'Accepted');
    const body = inviteBodySchema.required().parse({
      recipients: [{ '@odata.type': 'microsoft.graph.driveRecipient', email: 'ann@fabrikam.com', alias: null }],
      requireSignIn: true,
      roles: ['owner'],
      sendInvitation: true,
      message: 'x'.repeat(2000),
      retainInheritedPermissions: false,
      expirationDateTime: '2999-12-31T23:59:41.3794411+00:00',
      password: 'secret',
    });
    const shared = await graph.share(body);
    const { id } = permissionOf(shared);
    expect(permissionOf(shared)).toMatchObject({ hasPassword: true, expirationDateTime: '2999-12-31T23:59:41Z' });
    const list = await graph.call('GET', `/v1.0${ITEM}/permissions`);
    const one = await graph.call('GET', `/v1.0${ITEM}/permissions/${id}`);
    const missing = await graph.call('GET', `/v1.0${ITEM}/permissions/none`);
    expect(permissionCollectionSchema.parse(shared.body)).toEqual(shared.body);
    expect(permissionCollectionSchema.parse(list.body)).toEqual(list.body);
    expect(permissionSchema.parse(one.body)).toEqual(one.body);
    expect(errorSchema.parse(missing.body)).toEqual(missing.body);
  });

  it('accepts the example of the reference page with values in place of its placeholders', async () => {
    await graph.behave({ permissionType: 'delegated' });
    const answer = await graph.call('POST', '/v1.0/me/drive/root/invite', {
      requireSignIn: true,
      // 'Roles value', which is no role.
      roles: ['read'],
      sendInvitation: true,
      message: 'Message value',
      recipients: [
        {
          '@odata.type': 'microsoft.graph.driveRecipient',
          alias: 'Alias value',
          // 'Object Id value', which is nobody's.
          objectId: await graph.addUser('ann@fabrikam.com', 'Accepted'),
        },
      ],
      // 'Expiration Date Time value', which is no instant.
      expirationDateTime: '2999-12-31T23:59:41.3794411+00:00',
      password: 'Password value',
    });
    expect(answer.status).toBe(200);
    expect(await graph.mails()).toMatchObject([{ to: 'ann@fabrikam.com', message: 'Message value' }]);
  });

  it.each([
    ['no recipients', { roles: ['read'] }],
    ['an empty list of recipients', { recipients: [] }],
    ['a recipient who is not named', { recipients: [{}] }],
    ['an address that is none', { recipients: [{ email: 'ann' }] }],
    ['no roles', { ...ANN, roles: undefined }],
    ['an empty list of roles', { ...ANN, roles: [] }],
    ['an unknown role', { ...ANN, roles: ['read', 'admin'] }],
    ['a message of 2,001 characters', { ...ANN, message: 'x'.repeat(2001) }],
    ['a requireSignIn that is not boolean', { ...ANN, requireSignIn: 'true' }],
    ['a sendInvitation that is not boolean', { ...ANN, sendInvitation: 1 }],
    ['an expirationDateTime that is no instant', { ...ANN, expirationDateTime: 'tomorrow' }],
    ['an expirationDateTime that has passed', { ...ANN, expirationDateTime: '2020-01-01T00:00:00Z' }],
    ['a property that the action does not have', { ...ANN, colour: 'blue' }],
  ])('answers 400 to %s, sharing nothing', async (_, body) => {
    await graph.addUser('ann@fabrikam.com', 'Accepted');
    expect(faultOf(await graph.share(body))).toEqual([
      400,
      'invalidRequest',
      matching(/^The request is malformed or incorrect\./),
    ]);
    expect(await graph.permissions()).toEqual([]);
  });

  it('answers 403 without the permission', async () => {
    await graph.behave({ permissions: ['User.Invite.All'] });
    expect((await graph.share(ANN)).status).toBe(403);
    await graph.behave({ permissions: ['Files.Read.All'] });
    expect((await graph.share(ANN)).status).toBe(403);
    expect((await graph.call('GET', `/v1.0${ITEM}/permissions`)).status).toBe(200);
    await graph.behave({ permissions: ['Sites.Selected'] });
    expect((await graph.share({ recipients: [] })).status).toBe(400);
  });
});

describe('sharing by the Graph simulator with somebody whom SharePoint can’t resolve', () => {
  const graph = useSimulator();

  it('refuses a stranger by application permission, in words that can be changed', async () => {
    await graph.addUser('bob@fabrikam.com', 'Accepted');
    const body = { recipients: [{ email: 'bob@fabrikam.com' }, ...ANN.recipients], sendInvitation: true };
    expect(faultOf(await graph.share(body))).toEqual([
      400,
      'invalidRequest',
      'The recipient is not a user of the directory.',
    ]);
    await graph.behave({ sharingRefusals: { stranger: { status: 403, code: 'accessDenied', message: 'No.' } } });
    expect(faultOf(await graph.share(body))).toEqual([403, 'accessDenied', 'No.']);
    expect(await graph.permissions()).toEqual([]);
    expect(await graph.mails()).toEqual([]);
  });

  it('shares with a stranger by delegated permission, granted to nobody until first use', async () => {
    await graph.behave({ permissionType: 'delegated' });
    const shared = permissionOf(await graph.share({ ...ANN, sendInvitation: true }));
    expect(shared).toMatchObject({ invitation: { email: 'ann@fabrikam.com', signInRequired: false } });
    expect(shared).not.toHaveProperty('grantedTo');
    expect(await graph.mails()).toHaveLength(1);
    expect(permissionOf(await graph.share({ recipients: [{ email: 'Ann@Fabrikam.com' }] })).id).toBe(shared.id);
  });

  it.each([{ alias: 'nobody' }, { objectId: '9071bfde-35e0-47d2-a582-d244ab1b4af6', email: 'ann@fabrikam.com' }])(
    'refuses a name that nobody has: %j',
    async (recipient) => {
      await graph.behave({ permissionType: 'delegated' });
      expect(faultOf(await graph.share({ recipients: [recipient] }))).toEqual([
        400,
        'noResolvedUsers',
        'One or more users could not be resolved.',
      ]);
    },
  );

  it('does not know a fresh guest while SharePoint lags, but everybody who was there before', async () => {
    await graph.behave({ sharePointLagMs: 3_600_000 });
    await graph.addUser('bob@fabrikam.com', 'PendingAcceptance');
    await graph.invite('ann@fabrikam.com');
    expect(faultOf(await graph.share(ANN))).toEqual([
      400,
      'invalidRequest',
      'The recipient is not known to SharePoint yet.',
    ]);
    expect((await graph.share({ recipients: [{ email: 'bob@fabrikam.com' }] })).status).toBe(200);
    await graph.behave({ sharePointLagMs: 0 });
    expect((await graph.share(ANN)).status).toBe(200);
  });
});

describe('GET …/permissions of the Graph simulator', () => {
  const graph = useSimulator();

  it('goes on where the page before it ended', async () => {
    const emails = ['a@x.com', 'b@x.com', 'c@x.com'];
    for (const email of emails) await graph.addUser(email, 'Accepted');
    await graph.share({ recipients: emails.map((email) => ({ email })) });
    await graph.behave({ permissionPageSize: 2 });

    const first = await graph.call('GET', `/v1.0${ITEM}/permissions?$select=invitation`);
    expect(first.body['value']).toEqual([
      { invitation: { email: 'a@x.com', signInRequired: false } },
      { invitation: { email: 'b@x.com', signInRequired: false } },
    ]);
    const second = await graph.call('GET', z.string().parse(first.body['@odata.nextLink']));
    expect(second.body['value']).toEqual([{ invitation: { email: 'c@x.com', signInRequired: false } }]);
    expect(second.body).not.toHaveProperty(['@odata.nextLink']);
    expect((await graph.call('GET', `/v1.0${ITEM}/permissions?$top=3`)).body).not.toHaveProperty(['@odata.nextLink']);
  });

  it.each(['$top=0', '$top=x', '$skiptoken=x', '$select=colour', '$filter=id'])('answers 400 to %s', async (query) => {
    expect((await graph.call('GET', `/v1.0${ITEM}/permissions?${query}`)).status).toBe(400);
  });

  it('shows one permission with what was selected of it', async () => {
    await graph.addUser('ann@fabrikam.com', 'Accepted');
    const { id } = permissionOf(await graph.share(ANN));
    const { body } = await graph.call('GET', `/v1.0${ITEM}/permissions/${id}?$select=id,roles`);
    expect(body).toEqual({
      '@odata.context': matching(/\/v1\.0\/\$metadata#permission\/\$entity$/),
      id,
      roles: ['read'],
    });
    expect((await graph.call('GET', `/v1.0${ITEM}/permissions/${id}?$select=colour`)).status).toBe(400);
  });
});

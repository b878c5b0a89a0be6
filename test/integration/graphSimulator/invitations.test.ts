import { faultOf, matching, redeemUrlOf, userIdOf, useSimulator } from './simulated';

describe('POST /invitations of the Graph simulator', () => {
  const graph = useSimulator();

  it('answers 201 with the invitation as Graph shapes it', async () => {
    const { status, body } = await graph.invite('admin@fabrikam.com');

    expect(status).toBe(201);
    expect(body).toEqual({
      '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#invitations/$entity`,
      id: matching(/^[0-9a-f-]{36}$/),
      inviteRedeemUrl: matching(/\/redeem\?rd=http%3a%2f%2f.*%26ticket%3d.*%26ver%3d2\.0$/),
      invitedUserDisplayName: null,
      invitedUserType: 'Guest',
      invitedUserEmailAddress: 'admin@fabrikam.com',
      sendInvitationMessage: false,
      resetRedemption: false,
      inviteRedirectUrl: 'https://myapp.contoso.com',
      status: 'PendingAcceptance',
      invitedUserMessageInfo: {
        messageLanguage: null,
        customizedMessageBody: null,
        ccRecipients: [{ emailAddress: { name: null, address: null } }],
      },
      invitedUser: {
        id: matching(/^[0-9a-f-]{36}$/),
        userPrincipalName: 'admin_fabrikam.com#EXT#@contoso.onmicrosoft.com',
      },
    });
  });

  it('takes beta as it takes v1.0, and no other version', async () => {
    const body = { invitedUserEmailAddress: 'a@fabrikam.com', inviteRedirectUrl: 'https://myapp.contoso.com' };
    expect((await graph.call('POST', '/beta/invitations', body)).status).toBe(201);
    expect(faultOf(await graph.call('POST', '/v2.0/invitations', body))).toEqual([
      400,
      'BadRequest',
      'Invalid version: v2.0',
    ]);
  });

  it('mails nobody unless asked to', async () => {
    await graph.invite('admin@fabrikam.com');
    expect(await graph.mails()).toEqual([]);
  });

  it('sends a mail that names the call it came from, and leaves a custom text out as Graph does for an app', async () => {
    const answer = await graph.call(
      'POST',
      '/v1.0/invitations',
      undefined,
      post('6f1c3d52-attempt', {
        sendInvitationMessage: true,
        invitedUserMessageInfo: {
          customizedMessageBody: 'Welcome!',
          ccRecipients: [{ emailAddress: { name: 'Boss', address: 'boss@fabrikam.com' } }],
        },
      }),
    );

    expect(await graph.mails()).toEqual([
      {
        kind: 'guest',
        to: 'admin@fabrikam.com',
        cc: ['boss@fabrikam.com'],
        at: matching(/^\d{4}-.*Z$/),
        invitationId: answer.body.id,
        userId: userIdOf(answer),
        sendInvitationMessage: true,
        customizedMessageBody: null,
        messageLanguage: 'en-US',
        redeemUrl: redeemUrlOf(answer),
        clientRequestId: '6f1c3d52-attempt',
      },
    ]);
  });

  it('keeps the custom text when it is not called app-only', async () => {
    await graph.behave({ appOnly: false });
    await graph.invite('admin@fabrikam.com', {
      sendInvitationMessage: true,
      invitedUserMessageInfo: { customizedMessageBody: 'Welcome!' },
    });
    expect(await graph.mails()).toMatchObject([{ customizedMessageBody: 'Welcome!' }]);
  });

  it('gives a pending user who is invited again the same id, a new redeem URL and another mail', async () => {
    const first = await graph.invite('admin@fabrikam.com', { sendInvitationMessage: true });
    const second = await graph.invite('Admin@Fabrikam.com', { sendInvitationMessage: true });

    expect(second.status).toBe(201);
    expect(userIdOf(second)).toBe(userIdOf(first));
    expect(redeemUrlOf(second)).not.toBe(redeemUrlOf(first));
    expect(await graph.mails()).toHaveLength(2);
  });

  it('answers Completed and mails nobody when the user has accepted', async () => {
    const first = await graph.invite('admin@fabrikam.com');
    await graph.control('POST', 'redemptions', { email: 'admin@fabrikam.com' });
    const second = await graph.invite('admin@fabrikam.com', { sendInvitationMessage: true });

    expect(second).toMatchObject({ status: 201, body: { status: 'Completed' } });
    expect(userIdOf(second)).toBe(userIdOf(first));
    expect(await graph.mails()).toEqual([]);
  });

  it('refuses the user who has accepted when behaviour says so', async () => {
    await graph.behave({ inviteAcceptedUser: 'badRequest' });
    const id = userIdOf(await graph.invite('admin@fabrikam.com'));
    await graph.control('POST', 'redemptions', { email: 'admin@fabrikam.com' });
    expect(faultOf(await graph.invite('admin@fabrikam.com'))).toEqual([400, 'BadRequest', alreadyThere(id)]);
  });

  it('makes up both forms of redeem URL in turn when behaviour says alternate', async () => {
    await graph.behave({ redeemUrlForm: 'alternate' });
    expect(redeemUrlOf(await graph.invite('a@fabrikam.com'))).toContain('/redeem?rd=');
    expect(redeemUrlOf(await graph.invite('b@fabrikam.com'))).toMatch(
      /\/redeem\/\?tenant=[^&]+&user=[^&]+&ticket=[^&]+&lc=1033&ver=2\.0$/,
    );
    expect(redeemUrlOf(await graph.invite('c@fabrikam.com'))).toContain('/redeem?rd=');
  });
});

describe('resetRedemption of the Graph simulator', () => {
  const graph = useSimulator();

  it('makes an accepted user pending again under the same id, and mails them', async () => {
    const id = userIdOf(await graph.invite('admin@fabrikam.com'));
    await graph.control('POST', 'redemptions', { email: 'admin@fabrikam.com' });
    const again = await graph.invite('admin@fabrikam.com', {
      sendInvitationMessage: true,
      resetRedemption: true,
      invitedUser: { id },
    });

    expect(again).toMatchObject({ status: 201, body: { status: 'PendingAcceptance', resetRedemption: true } });
    expect(userIdOf(again)).toBe(id);
    expect((await graph.getUser(id)).body).toMatchObject({ externalUserState: 'PendingAcceptance' });
    expect(await graph.mails()).toMatchObject([{ to: 'admin@fabrikam.com', userId: id }]);
  });

  it('moves the user to another address, and keeps the old one among the other mails', async () => {
    const id = userIdOf(await graph.invite('old@fabrikam.com'));
    await graph.invite('new@fabrikam.com', { resetRedemption: true, invitedUser: { id } });
    expect((await graph.getUser(id)).body).toMatchObject({
      mail: 'new@fabrikam.com',
      otherMails: ['old@fabrikam.com', 'new@fabrikam.com'],
    });
  });

  it('refuses the address of somebody else', async () => {
    const id = userIdOf(await graph.invite('a@fabrikam.com'));
    const other = userIdOf(await graph.invite('b@fabrikam.com'));
    const answer = await graph.invite('b@fabrikam.com', { resetRedemption: true, invitedUser: { id } });
    expect(faultOf(answer)).toEqual([400, 'BadRequest', alreadyThere(other)]);
  });

  it('answers 400 without an id, and 404 for an id that nobody has', async () => {
    expect((await graph.invite('a@fabrikam.com', { resetRedemption: true })).status).toBe(400);
    const id = '00000000-0000-0000-0000-000000000000';
    expect(faultOf(await graph.invite('a@fabrikam.com', { resetRedemption: true, invitedUser: { id } }))).toEqual([
      404,
      'Request_ResourceNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ]);
  });

  it('needs more than the permission to invite', async () => {
    await graph.behave({ permissions: ['User.Invite.All', 'User.Read.All'] });
    const id = userIdOf(await graph.invite('a@fabrikam.com'));
    const answer = await graph.invite('a@fabrikam.com', { resetRedemption: true, invitedUser: { id } });
    expect(faultOf(answer)).toEqual([
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    ]);
  });
});

const alreadyThere = (id: string) =>
  `The invited user already exists in the directory as objectID: ${id}. They can use that account to sign in to shared apps and resources.`;

const post = (clientRequestId: string, more: object): RequestInit => ({
  headers: {
    Authorization: 'Bearer token',
    'Content-Type': 'application/json',
    'client-request-id': clientRequestId,
  },
  body: JSON.stringify({
    invitedUserEmailAddress: 'admin@fabrikam.com',
    inviteRedirectUrl: 'https://myapp.contoso.com',
    ...more,
  }),
});

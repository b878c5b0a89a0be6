import { faultOf, invitation, useSimulator } from './simulated';

describe('what the Graph simulator refuses', () => {
  const graph = useSimulator();
  const post = (init: RequestInit) => graph.call('POST', '/v1.0/invitations', undefined, init);
  const json = { Authorization: 'Bearer token', 'Content-Type': 'application/json' };

  it.each([
    ['no property that is required', { inviteRedirectUrl: 'https://myapp.contoso.com' }],
    ['a redirect URL that is none', invitation('a@fabrikam.com', { inviteRedirectUrl: 'myapp' })],
    ['a property that the type does not have', invitation('a@fabrikam.com', { colour: 'blue' })],
    ['a property of the wrong type', invitation('a@fabrikam.com', { sendInvitationMessage: 'yes' })],
    ['an unknown user type', invitation('a@fabrikam.com', { invitedUserType: 'Owner' })],
    [
      'two cc recipients',
      invitation('a@fabrikam.com', {
        invitedUserMessageInfo: {
          ccRecipients: [{ emailAddress: { address: 'b@x.com' } }, { emailAddress: { address: 'c@x.com' } }],
        },
      }),
    ],
    ['an address with a plus', invitation('a+b@fabrikam.com')],
    ['an address that starts with a dot', invitation('.a@fabrikam.com')],
  ])('answers 400 to an invitation with %s, and creates nobody', async (_, body) => {
    const answer = await graph.call('POST', '/v1.0/invitations', body);
    expect(faultOf(answer)).toEqual([400, 'BadRequest', expect.any(String)]);
    expect((await graph.control('GET', 'users')).body.value).toEqual([]);
  });

  it('names the property that is missing, and the one that does not exist', async () => {
    expect(faultOf(await graph.call('POST', '/v1.0/invitations', { inviteRedirectUrl: 'https://x.com' }))[2]).toBe(
      "The property 'invitedUserEmailAddress' is required.",
    );
    expect(faultOf(await graph.invite('a@fabrikam.com', { colour: 'blue' }))[2]).toBe(
      "The property 'colour' does not exist on type 'microsoft.graph.invitation'. Make sure to only use property names that are defined by the type.",
    );
  });

  it('lets OData annotations in', async () => {
    const answer = await graph.invite('a@fabrikam.com', { '@odata.type': '#microsoft.graph.invitation' });
    expect(answer.status).toBe(201);
  });

  it.each([
    ['text that is not JSON', { headers: json, body: '{' }],
    ['an array', { headers: json, body: '[]' }],
    ['an empty body', { headers: json, body: '' }],
    ['another content type', { headers: { ...json, 'Content-Type': 'text/plain' }, body: '{}' }],
  ])('answers 400 to %s', async (_, init) => {
    expect(faultOf(await post(init))).toEqual([400, 'BadRequest', expect.any(String)]);
  });

  it.each([
    ['no token', {}],
    ['an empty token', { Authorization: 'Bearer ' }],
    ['another scheme', { Authorization: 'Basic YTpi' }],
  ])('answers 401 to a call with %s', async (_, headers) => {
    const answer = await graph.call('GET', '/v1.0/users', undefined, { headers });
    expect(faultOf(answer)).toEqual([401, 'InvalidAuthenticationToken', 'Access token is empty.']);
  });

  it('answers 403 to everyone when the tenant takes no guests', async () => {
    await graph.behave({ guestsAllowed: false });
    expect(faultOf(await graph.invite('a@fabrikam.com'))).toEqual([
      403,
      'Forbidden',
      'Guest invitations not allowed for your company. Contact your company administrator for more details.',
    ]);
  });

  it.each([
    ['POST', '/v1.0/invitations', invitation('a@fabrikam.com')],
    ['GET', '/v1.0/users', undefined],
    ['DELETE', '/v1.0/users/nobody', undefined],
  ])('answers 403 to %s %s without the permission', async (method, path, body) => {
    await graph.behave({ permissions: ['Mail.Send'] });
    expect(faultOf(await graph.call(method, path, body))).toEqual([
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    ]);
  });

  it('refuses the addresses that stand for a refusal, sending nothing', async () => {
    const statuses = [];
    for (const email of ['a@contoso.com', 'group-hr@x.com', 'blocked-a@x.com', 'fault-a@x.com']) {
      statuses.push(faultOf(await graph.invite(email, { sendInvitationMessage: true })).slice(0, 2));
    }
    expect(statuses).toEqual([
      [400, 'BadRequest'],
      [400, 'BadRequest'],
      [412, 'PreconditionFailed'],
      [500, 'InternalServerError'],
    ]);
    expect(await graph.mails()).toEqual([]);
  });

  it('refuses a member of the directory by their own id', async () => {
    const seeded = await graph.control('POST', 'users', { email: 'ann@fabrikam.com', state: null });
    expect(faultOf(await graph.invite('ann@fabrikam.com'))[2]).toContain(`objectID: ${String(seeded.body.id)}.`);
  });

  it('answers 400 to a path and 405 to a method that it does not know', async () => {
    expect(faultOf(await graph.call('GET', '/v1.0/planets'))).toEqual([
      400,
      'BadRequest',
      "Resource not found for the segment 'planets'.",
    ]);
    expect((await graph.call('GET', '/v1.0/invitations')).status).toBe(405);
    expect((await graph.call('GET', '/v1.0/users/%E0%A4%A')).status).toBe(400);
  });
});

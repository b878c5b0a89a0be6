import { z } from 'zod';
import { waitFor } from '../../support/waitFor';
import { faultOf, matching, userIdOf, useSimulator } from './simulated';

const usersIn = (body: Record<string, unknown>) => z.array(z.record(z.string(), z.unknown())).parse(body.value);

describe('/users of the Graph simulator', () => {
  const graph = useSimulator();

  it('gives the state of an invitation only to those who select it', async () => {
    const id = userIdOf(await graph.invite('ann@fabrikam.com', { invitedUserDisplayName: 'Ann' }));

    const plain = await graph.call('GET', `/v1.0/users/${id}`);
    expect(plain.body).toEqual({
      '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#users/$entity`,
      displayName: 'Ann',
      givenName: null,
      jobTitle: null,
      mail: 'ann@fabrikam.com',
      preferredLanguage: null,
      surname: null,
      userPrincipalName: 'ann_fabrikam.com#EXT#@contoso.onmicrosoft.com',
      id,
    });

    const select = 'id,mail,userType,creationType,createdDateTime,externalUserState,externalUserStateChangeDateTime';
    const selected = await graph.call('GET', `/v1.0/users/${id}?$select=${select}`);
    expect(selected.body).toEqual({
      '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#users(${select})/$entity`,
      id,
      mail: 'ann@fabrikam.com',
      userType: 'Guest',
      creationType: 'Invitation',
      createdDateTime: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      externalUserState: 'PendingAcceptance',
      externalUserStateChangeDateTime: selected.body.createdDateTime,
    });
  });

  it.each([
    ["mail eq 'ANN@fabrikam.com'"],
    ["otherMails/any(x:x eq 'ann@fabrikam.com')"],
    ["userPrincipalName eq 'ann_fabrikam.com#EXT#@contoso.onmicrosoft.com'"],
    ["mail eq 'nobody@fabrikam.com' or otherMails/any(m:m eq 'ann@fabrikam.com')"],
    ["mail eq 'ann@fabrikam.com' and externalUserState eq 'PendingAcceptance'"],
  ])('finds a user by %s, and only that one', async (filter) => {
    const id = userIdOf(await graph.invite('ann@fabrikam.com'));
    await graph.invite('bob@fabrikam.com');
    expect(await graph.findUsers(filter)).toMatchObject([{ id }]);
  });

  it('finds an address with an apostrophe, which is written twice', async () => {
    const id = userIdOf(await graph.invite("o'hara@fabrikam.com"));
    expect(await graph.findUsers("mail eq 'o''hara@fabrikam.com'")).toMatchObject([{ id }]);
  });

  it('finds users by the state they are in', async () => {
    await graph.invite('ann@fabrikam.com');
    const bob = userIdOf(await graph.invite('bob@fabrikam.com'));
    await graph.control('POST', 'redemptions', { email: 'bob@fabrikam.com' });
    expect(await graph.findUsers("externalUserState eq 'Accepted'")).toMatchObject([{ id: bob }]);
  });

  it.each([["startsWith(mail,'a')"], ["mail ne 'a@x.com'"], ["mail eq 'a@x.com' and"], ['']])(
    'answers 400 to the filter %p',
    async (filter) => {
      const answer = await graph.call('GET', `/v1.0/users?$filter=${encodeURIComponent(filter)}`);
      expect(faultOf(answer)).toEqual([400, 'Request_UnsupportedQuery', expect.any(String)]);
    },
  );

  it('answers 400 to an option or a property it does not know', async () => {
    expect(faultOf(await graph.call('GET', '/v1.0/users?$orderby=mail'))[1]).toBe('Request_UnsupportedQuery');
    expect(faultOf(await graph.call('GET', '/v1.0/users?$select=shoeSize'))[2]).toContain("'shoeSize'");
    expect((await graph.call('GET', '/v1.0/users?$top=0')).status).toBe(400);
  });

  it('gives every user once over its pages', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await graph.invite(`${name}@fabrikam.com`);

    const pages: unknown[][] = [];
    let next: unknown = "/v1.0/users?$top=2&$select=mail&$filter=externalUserState eq 'PendingAcceptance'";
    while (typeof next === 'string') {
      const { body } = await graph.call('GET', next);
      pages.push(usersIn(body).map(({ mail }) => mail));
      next = body['@odata.nextLink'];
    }
    expect(pages).toEqual([
      ['a@fabrikam.com', 'b@fabrikam.com'],
      ['c@fabrikam.com', 'd@fabrikam.com'],
      ['e@fabrikam.com'],
    ]);
  });

  it('gives a user by userPrincipalName too', async () => {
    const id = userIdOf(await graph.invite('ann@fabrikam.com'));
    const name = encodeURIComponent('ann_fabrikam.com#EXT#@contoso.onmicrosoft.com');
    expect((await graph.call('GET', `/v1.0/users/${name}`)).body.id).toBe(id);
  });

  it('deletes a user, who is a new one when invited again', async () => {
    const id = userIdOf(await graph.invite('ann@fabrikam.com'));
    expect((await graph.call('DELETE', `/v1.0/users/${id}`)).status).toBe(204);
    expect(faultOf(await graph.getUser(id))).toEqual([
      404,
      'Request_ResourceNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ]);
    expect((await graph.call('DELETE', `/v1.0/users/${id}`)).status).toBe(404);
    expect(userIdOf(await graph.invite('ann@fabrikam.com'))).not.toBe(id);
  });
});

describe('directory lag of the Graph simulator', () => {
  const graph = useSimulator();
  const LONG = 3_000_000;

  it('hides a new user from reads, while writes see them at once', async () => {
    await graph.behave({ directoryLagMs: LONG });
    const id = userIdOf(await graph.invite('ann@fabrikam.com'));

    expect((await graph.getUser(id)).status).toBe(404);
    expect(await graph.findUsers("mail eq 'ann@fabrikam.com'")).toEqual([]);
    expect(userIdOf(await graph.invite('ann@fabrikam.com'))).toBe(id);
  });

  it('shows a seeded user at once, and neither their redemption nor their deletion', async () => {
    await graph.behave({ directoryLagMs: LONG });
    const seeded = await graph.control('POST', 'users', { email: 'ann@fabrikam.com', state: 'PendingAcceptance' });
    const id = String(seeded.body.id);

    await graph.control('POST', 'redemptions', { email: 'ann@fabrikam.com' });
    expect((await graph.getUser(id)).body).toMatchObject({ externalUserState: 'PendingAcceptance' });
    await graph.call('DELETE', `/v1.0/users/${id}`);
    expect((await graph.getUser(id)).status).toBe(200);

    await graph.behave({ directoryLagMs: 0 });
    expect((await graph.getUser(id)).status).toBe(404);
  });

  it('deletes a user whom reads do not show yet', async () => {
    await graph.behave({ directoryLagMs: LONG });
    const id = userIdOf(await graph.invite('ann@fabrikam.com'));
    expect((await graph.call('DELETE', `/v1.0/users/${id}`)).status).toBe(204);
    expect((await graph.control('GET', 'users')).body.value).toEqual([]);
  });

  it('shows a change once the lag is over', async () => {
    await graph.behave({ directoryLagMs: 60 });
    const id = userIdOf(await graph.invite('ann@fabrikam.com'));
    await waitFor(async () => (await graph.getUser(id)).status === 200, { describe: 'the user to show' });
    expect(await graph.findUsers("mail eq 'ann@fabrikam.com'")).toMatchObject([{ id }]);
  });
});

import { z } from 'zod';
import { permissionOf, userIdOf, useSimulator } from './simulated';

const ANN = { recipients: [{ email: 'ann@fabrikam.com' }], sendInvitation: true };

describe('shares of the Graph simulator in use', () => {
  const graph = useSimulator();
  const open = async (url: string, method = 'GET') => {
    const response = await fetch(url, { method });
    return { status: response.status, html: await response.text() };
  };
  const newestLink = async () => z.object({ redeemUrl: z.string() }).parse((await graph.mails()).at(-1)).redeemUrl;
  const redeem = (email: string) => graph.control('POST', 'redemptions', { email });

  it('grants a stranger’s permission once the mail’s Accept button was pressed, who is a guest then', async () => {
    await graph.behave({ permissionType: 'delegated' });
    await graph.share(ANN);
    const link = await newestLink();

    const shown = await open(link);
    expect(shown.status).toBe(200);
    expect(shown.html).toContain('<h1>Contoso shares an item with you</h1>');
    expect(shown.html).toContain('<p class="address">ann@fabrikam.com</p>');
    expect(shown.html).toContain('<form method="post"><button type="submit">Accept</button></form>');
    expect((await graph.permissions())[0]).not.toHaveProperty('grantedTo');

    const accepted = await open(link, 'POST');
    expect(accepted.status).toBe(200);
    expect(accepted.html).toContain('Invitation accepted');
    const [user] = await graph.findUsers("mail eq 'ann@fabrikam.com'");
    expect(user).toMatchObject({ externalUserState: 'Accepted' });
    const granted = { user: { id: user?.['id'], displayName: 'ann' } };
    expect(await graph.permissions()).toMatchObject([{ grantedTo: granted, grantedToV2: granted }]);
    expect((await open(link, 'POST')).status).toBe(410);
  });

  it('accepts for a guest who opens a share before the invitation', async () => {
    const id = userIdOf(await graph.invite('ann@fabrikam.com'));
    await graph.share(ANN);
    await open(await newestLink(), 'POST');
    expect((await graph.getUser(id)).body['externalUserState']).toBe('Accepted');
  });

  it('answers 410 to a link whose permission was deleted', async () => {
    await graph.addUser('ann@fabrikam.com', 'Accepted');
    const { id } = permissionOf(await graph.share(ANN));
    await graph.call('DELETE', `/v1.0/drives/b!drive/items/01ITEM/permissions/${id}`);
    const { status, html } = await open(await newestLink());
    expect(status).toBe(410);
    expect(html).toContain('Invitation no longer valid');
  });

  it('uses all shares of who redeems by the control surface, and no one else’s', async () => {
    await graph.behave({ permissionType: 'delegated' });
    await graph.share(ANN, '/drives/1/root');
    await graph.share({ recipients: [{ email: 'Ann@Fabrikam.com' }] }, '/drives/2/root');
    await graph.share({ recipients: [{ email: 'bob@fabrikam.com' }] }, '/drives/2/root');

    const redeemed = await redeem('ann@FABRIKAM.com');
    expect(redeemed).toMatchObject({
      status: 200,
      body: { externalUserState: 'Accepted', creationType: 'Invitation' },
    });
    const granted = { user: { id: redeemed.body['id'] } };
    expect(await graph.permissions('/drives/1/root')).toMatchObject([{ grantedTo: granted }]);
    const [ann, bob] = await graph.permissions('/drives/2/root');
    expect(ann).toMatchObject({ grantedTo: granted });
    expect(bob).not.toHaveProperty('grantedTo');
    expect((await graph.control('GET', 'users')).body['value']).toHaveLength(1);
  });

  it('redeems the guest invitation and the shares of one person together', async () => {
    const id = userIdOf(await graph.invite('ann@fabrikam.com'));
    await graph.share(ANN);
    expect((await redeem('ann@fabrikam.com')).body).toMatchObject({ id, externalUserState: 'Accepted' });
    expect((await open(await newestLink())).status).toBe(410);
  });

  it('leaves a member of the tenant the member they are', async () => {
    await graph.addUser('eve@contoso.com', null);
    expect((await redeem('eve@contoso.com')).status).toBe(404);
    await graph.share({ recipients: [{ email: 'eve@contoso.com' }] });
    const { status, body } = await redeem('eve@contoso.com');
    expect(status).toBe(200);
    expect(body).toMatchObject({ userType: 'Member', externalUserState: null });
  });

  it('lists every share with when it was used, and forgets all on reset', async () => {
    const id = await graph.addUser('ann@fabrikam.com', 'Accepted');
    await graph.share(ANN);
    await redeem('ann@fabrikam.com');
    const shares = async () => (await graph.control('GET', 'shares')).body['value'];
    expect(await shares()).toMatchObject([
      { itemPath: '/drives/b!drive/items/01ITEM', grantedTo: { id }, usedAt: expect.any(String) as string },
    ]);
    await graph.control('POST', 'reset');
    expect(await shares()).toEqual([]);
    expect(await graph.mails()).toEqual([]);
  });
});

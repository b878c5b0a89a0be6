import { BETA_PAGE } from '../../support/pages';
import { type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp();
});
afterAll(() => app.stop());

describe('page "Create invitation", v1.0', () => {
  it('goes the whole way with the page’s own example', async () => {
    const answer = await app.post({
      invitedUserEmailAddress: 'admin@fabrikam.com',
      inviteRedirectUrl: 'https://myapp.contoso.com',
    });
    expect(answer.status).toBe(202);
    const { id } = invitationOf(answer);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('admin@fabrikam.com')).toBe(1);
    await app.graph.redeem('admin@fabrikam.com');
    await app.jump(25 * 3600_000);
    await app.until(id, 'accepted');
  });

  it('invites an accepted guest anew with resetRedemption, and only an accepted one', async () => {
    const { id } = await app.invite('reset@fabrikam.com');
    await app.until(id, 'pendingAcceptance');
    const early = await app.act(id, 'resetRedemption');
    expect([early.status, errorOf(early).code]).toEqual([409, 'statusForbids']);
    await app.graph.redeem('reset@fabrikam.com');
    await app.jump(25 * 3600_000);
    const accepted = await app.until(id, 'accepted');
    expect((await app.act(id, 'resetRedemption')).status).toBe(202);
    const again = await app.until(id, 'pendingAcceptance');
    expect(again.sends.map(({ number, cause }) => [number, cause])).toEqual([
      [0, 'first'],
      [1, 'first'],
    ]);
    expect(app.graph.invitationsFor('reset@fabrikam.com').at(-1)).toMatchObject({
      resetRedemption: true,
      invitedUser: { id: accepted.graph?.invitedUser?.id },
    });
    expect(await app.graph.mailCount('reset@fabrikam.com')).toBe(2);
  });

  it('gives a fresh redeem URL without a mail, and stores it nowhere', async () => {
    const { id } = await app.invite('own-mail@fabrikam.com', { sendInvitationMessage: false });
    await app.until(id, 'pendingAcceptance');
    const given = await app.act(id, 'redeemUrl');
    expect([given.status, given.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { inviteRedeemUrl } = given.body as { inviteRedeemUrl: string };
    expect((await fetch(inviteRedeemUrl)).status).toBe(200);
    expect(await app.graph.mailCount('own-mail@fabrikam.com')).toBe(0);
    const after = await app.get(id);
    expect(invitationOf(after).history.map(({ what }) => what)).toContain('redeemUrlGiven');
    expect(JSON.stringify(after.body)).not.toMatch(/ticket|redeem\?|redeem\//i);
  });

  it('gives no redeem URL once the person has accepted, nor for what is not there', async () => {
    await app.graph.seed('there@fabrikam.com', 'Accepted', 'Guest');
    const { id } = await app.invite('there@fabrikam.com');
    await app.until(id, 'accepted');
    const refused = await app.act(id, 'redeemUrl');
    expect([refused.status, errorOf(refused).code]).toEqual([409, 'statusForbids']);
    expect((await app.act('01900000-0000-7000-8000-000000000000', 'redeemUrl')).status).toBe(404);
  });
});

describe('page "Create invitation", beta, namespace Microsoft.AADInviteMgr', () => {
  it('goes the whole way with the page’s own example, in its dialect', async () => {
    const example = BETA_PAGE;
    const answer = await app.post({ graphVersion: 'beta', ...example });
    expect(answer.status).toBe(202);
    expect(invitationOf(answer).warnings.map(({ target }) => target)).toEqual(
      expect.arrayContaining(['inviteRedeemUrl', 'status']),
    );
    const { id } = invitationOf(answer);
    await app.until(id, 'pendingAcceptance');
    expect(app.graph.invitationsFor('beta@fabrikam.com')).toEqual([
      {
        '@odata.type': example['@odata.type'],
        invitedUserDisplayName: example.invitedUserDisplayName,
        invitedUserEmailAddress: example.invitedUserEmailAddress,
        InvitedUserMessageInfo: example.InvitedUserMessageInfo,
        sendInvitationMessage: true,
        inviteRedirectUrl: example.inviteRedirectUrl,
      },
    ]);
    const [mail] = await app.graph.mailsTo('beta@fabrikam.com');
    expect(mail?.cc).toEqual(['boss@fabrikam.com']);
    await app.graph.redeem('beta@fabrikam.com');
    await app.jump(25 * 3600_000);
    await app.until(id, 'accepted');
  });
});

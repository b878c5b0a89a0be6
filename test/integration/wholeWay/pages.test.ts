import { ADD_INVITATIONS_PAGE, BETA_PAGE, INVITE_PAGE, UPDATE_INVITATIONS_PAGE } from '../../support/pages';
import { SHARING_SETTINGS, events, told } from '../../support/shares';
import { type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ ...SHARING_SETTINGS, GRAPH_PERMISSIONS: 'delegated', LINKEDIN_INVITATIONS: 'on' });
  await app.graph.behave({ permissionType: 'delegated' });
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

describe('page "invite" of a driveItem', () => {
  it('goes the whole way with the page’s own example', async () => {
    const objectId = await app.graph.seed('alias@fabrikam.com', 'PendingAcceptance');
    const { target, body } = INVITE_PAGE;
    const recipients = [{ ...body.recipients[0], objectId }];
    const { id } = await app.ask({ kind: 'driveItem', target, ...body, recipients });
    const pending = await app.until(id, 'pendingAcceptance');
    expect(pending).toMatchObject({
      target: '/me/drive/root',
      roles: ['read'],
      expirationDateTime: '2036-12-31T23:59:41.379Z',
      hasPassword: true,
      graph: { roles: ['read'], hasPassword: true, expirationDateTime: '2036-12-31T23:59:41Z' },
    });
    const call = app.graph.calls.find(({ method, path }) => method === 'POST' && path === `/v1.0${target}`);
    expect(JSON.parse(call?.body ?? '')).toEqual({ ...body, recipients });
    expect(await app.graph.mailsTo('alias@fabrikam.com')).toMatchObject([{ message: 'Message value' }]);
    await app.graph.redeem('alias@fabrikam.com');
    await app.jump(25 * 3600_000);
    await app.until(id, 'accepted');
  });
});

describe('pages "Add invitations" and "Update invitations" of linkedIn', () => {
  it('go the whole way with the pages’ own examples', async () => {
    const { id } = await app.ask({ kind: 'linkedIn', ...ADD_INVITATIONS_PAGE });
    const added = await app.until(id, 'pendingAcceptance');
    expect(bodyOf('POST', '/beta/linkedIn/invitations')).toEqual(ADD_INVITATIONS_PAGE);

    const graphId = String(added.graph?.['id']);
    const patched = await app.patch(id, { ...UPDATE_INVITATIONS_PAGE, id: graphId });
    expect(patched.status).toBe(202);
    await app.until(id, told('updated'));
    expect(bodyOf('PATCH', '/v1.0/linkedIn/invitations')).toEqual({ ...UPDATE_INVITATIONS_PAGE, id: graphId });

    const other = await app.patch(id, { ...UPDATE_INVITATIONS_PAGE, id: 'dbf012ec-12ec-dbf0-ec12-f0dbec12f0db' });
    expect([other.status, errorOf(other).details?.[0]?.target]).toEqual([400, 'id']);
    await app.jump(31 * 24 * 3600_000);
    const expired = await app.until(id, 'expired');
    expect(events(expired)).toEqual(['requested', 'sent', 'changed', 'updated', 'expired']);
    expect(expired['nextAt']).toBeUndefined();
  });
});

function bodyOf(method: string, path: string): unknown {
  const call = app.graph.calls.find((each) => each.method === method && each.path === path);
  return JSON.parse(call?.body ?? '');
}

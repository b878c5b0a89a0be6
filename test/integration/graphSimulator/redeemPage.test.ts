import { redeemUrlOf, userIdOf, useSimulator } from './simulated';

describe('the redeem page of the Graph simulator', () => {
  const graph = useSimulator();
  const open = async (url: string, method = 'GET') => {
    const response = await fetch(url, { method });
    return { status: response.status, headers: response.headers, html: await response.text() };
  };

  it.each(['login', 'invitations'])('opens from a redeem URL of the form %s, and accepts', async (redeemUrlForm) => {
    await graph.behave({ redeemUrlForm });
    const invited = await graph.invite('ann@fabrikam.com');
    const url = redeemUrlOf(invited);

    const shown = await open(url);
    expect(shown.status).toBe(200);
    expect(shown.html).toContain('<p class="address">ann@fabrikam.com</p>');
    expect(shown.html).toContain('Contoso');
    expect(shown.html).toContain('<form method="post"><button type="submit">Accept</button></form>');
    expect((await graph.getUser(userIdOf(invited))).body.externalUserState).toBe('PendingAcceptance');

    const accepted = await open(url, 'POST');
    expect(accepted.status).toBe(200);
    expect(accepted.html).toContain('href="https://myapp.contoso.com"');
    expect((await graph.getUser(userIdOf(invited))).body.externalUserState).toBe('Accepted');
  });

  it('takes a link from an earlier mail as well as one from the last', async () => {
    const first = await graph.invite('ann@fabrikam.com');
    await graph.invite('ann@fabrikam.com');
    expect((await open(redeemUrlOf(first), 'POST')).status).toBe(200);
  });

  it.each(['GET', 'POST'])('answers 410 to a %s once the invitation has been accepted', async (method) => {
    const url = redeemUrlOf(await graph.invite('ann@fabrikam.com'));
    await open(url, 'POST');
    const used = await open(url, method);
    expect(used.status).toBe(410);
    expect(used.html).toContain('Already accepted');
  });

  it('answers 410 to a link from before a reset, and to one of a user who was deleted', async () => {
    const first = await graph.invite('ann@fabrikam.com');
    const id = userIdOf(first);
    const second = await graph.invite('ann@fabrikam.com', { resetRedemption: true, invitedUser: { id } });
    expect((await open(redeemUrlOf(first))).status).toBe(410);
    expect((await open(redeemUrlOf(second))).status).toBe(200);

    await graph.call('DELETE', `/v1.0/users/${id}`);
    expect((await open(redeemUrlOf(second), 'POST')).status).toBe(410);
  });

  it.each(['', '?ticket=made-up', '?rd=nonsense', '?rd=http%3a%2f%2fx%2f%3fticket%3dmade-up'])(
    'answers 404 to a link that belongs to nobody: /redeem%s',
    async (query) => {
      const { status, html } = await open(`${graph.baseUrl()}/redeem${query}`);
      expect(status).toBe(404);
      expect(html).toContain('Unknown invitation');
    },
  );

  it('escapes what it shows', async () => {
    const url = redeemUrlOf(
      await graph.invite("o'hara@fabrikam.com", {
        inviteRedirectUrl: 'https://x.com/?a=1&b="><script>alert(1)</script>',
      }),
    );
    expect((await open(url)).html).toContain('<p class="address">o&#39;hara@fabrikam.com</p>');
    const { html } = await open(url, 'POST');
    expect(html).toContain('href="https://x.com/?a=1&amp;b=&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(html).not.toContain('<script>');
  });

  it('links to nothing that is neither http nor https', async () => {
    const url = redeemUrlOf(await graph.invite('ann@fabrikam.com', { inviteRedirectUrl: 'javascript:alert(1)' }));
    const { html } = await open(url, 'POST');
    expect(html).not.toContain('javascript:');
    expect(html).toContain('You can close this page.');
  });

  it('keeps the ticket out of caches, referrers and frames', async () => {
    const { headers } = await open(redeemUrlOf(await graph.invite('ann@fabrikam.com')));
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
  });
});

import { type InvitationAnswer, type WholeApp, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp();
  await sync();
});
afterAll(() => app.stop());
afterEach(() => app.graph.behave({ faults: [], deltaReplays: false, deltaTokensExpired: false, deltaPageSize: 200 }));

const sync = () => app.host.fireTimer('syncRedemptions');
const compare = () => app.host.fireTimer('compareRedemptions');

async function invitePending(email: string): Promise<InvitationAnswer> {
  const { id } = await app.invite(email);
  return app.until(id, 'pendingAcceptance');
}

const read = (id: string) => app.until(id, () => true);

/** The calls of Graph that `work` makes, as method and path without its query. */
async function callsOf(work: () => Promise<unknown>): Promise<string[]> {
  const before = app.graph.calls.length;
  await work();
  return app.graph.calls.slice(before).map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);
}

const saidBy = async (work: () => Promise<unknown>) => {
  const before = app.host.logs.length;
  await work();
  return app.host.logs.slice(before).map(({ level, message }) => `${level}: ${message}`);
};

describe('the timer syncRedemptions', () => {
  it('notes who redeemed, without asking for anybody one by one', async () => {
    const ann = await invitePending('ann@fabrikam.com');
    const bob = await invitePending('bob@fabrikam.com');
    await app.graph.redeem('ann@fabrikam.com');
    expect(await callsOf(sync)).toEqual(['GET /v1.0/users/delta']);
    const accepted = await read(ann.id);
    expect(accepted.status).toBe('accepted');
    expect(accepted.graph).toMatchObject({ externalUserState: 'Accepted' });
    expect((await read(bob.id)).status).toBe('pendingAcceptance');
  });

  it('costs one request while nothing changes, and one more only for each page of changes', async () => {
    for (const name of ['cid', 'dan', 'eva']) await invitePending(`${name}@fabrikam.com`);
    await sync();
    expect(await callsOf(sync)).toHaveLength(1);
    await app.graph.behave({ deltaPageSize: 1 });
    for (const name of ['cid', 'dan', 'eva']) await app.graph.redeem(`${name}@fabrikam.com`);
    expect(await callsOf(sync)).toHaveLength(3);
    expect(await callsOf(sync)).toHaveLength(1);
  });

  it('does nothing when Graph tells the same change again', async () => {
    const { id } = await invitePending('fay@fabrikam.com');
    await app.graph.redeem('fay@fabrikam.com');
    await sync();
    const before = await read(id);
    await app.graph.behave({ deltaReplays: true });
    await sync();
    expect(app.graph.calls.at(-1)?.path).toContain('deltatoken');
    expect(await read(id)).toEqual(before);
    expect(before.history.filter(({ what }) => what === 'accepted')).toHaveLength(1);
  });

  it('hears of a page again when a later one fails', async () => {
    const [gus, hal] = [await invitePending('gus@fabrikam.com'), await invitePending('hal@fabrikam.com')];
    await sync();
    await app.graph.behave({ deltaPageSize: 1 });
    await app.graph.redeem('gus@fabrikam.com');
    await app.graph.redeem('hal@fabrikam.com');
    app.graph.breakCalls(({ path }) => (path.includes('skiptoken') ? 'before' : undefined));
    const said = await saidBy(sync);
    app.graph.breakCalls(() => undefined);
    expect(said.join()).toContain('warning: Microsoft Graph gave no answer to use (http500)');
    expect([(await read(gus.id)).status, (await read(hal.id)).status]).toEqual(['accepted', 'pendingAcceptance']);
    await sync();
    expect((await read(hal.id)).status).toBe('accepted');
  });

  it('misses nobody when Graph gives up the token', async () => {
    const { id } = await invitePending('ida@fabrikam.com');
    const other = await invitePending('jon@fabrikam.com');
    await app.graph.redeem('ida@fabrikam.com');
    await app.graph.behave({ deltaTokensExpired: true });
    // The look-ups that the comparison asks for may begin before it is over.
    const calls = (await callsOf(sync)).filter((call) => !/\/users\/[0-9a-f-]{36}$/.test(call));
    expect(calls).toEqual(['GET /v1.0/users/delta', 'GET /v1.0/users/delta', 'GET /v1.0/users']);
    await app.jump(0);
    await app.until(id, 'accepted');
    await app.graph.redeem('jon@fabrikam.com');
    expect(await callsOf(sync)).toContain('GET /v1.0/users/delta');
    expect((await read(other.id)).status).toBe('accepted');
  });

  it('starts anew once more when the comparison fails, for the token is kept only after it', async () => {
    const { id } = await invitePending('kim@fabrikam.com');
    await app.graph.redeem('kim@fabrikam.com');
    await app.graph.behave({ deltaTokensExpired: true });
    app.graph.breakCalls(({ path }) => (path.includes('$top=999') ? 'before' : undefined));
    await sync();
    app.graph.breakCalls(() => undefined);
    expect((await read(id)).status).toBe('pendingAcceptance');
    await sync();
    await app.until(id, 'accepted');
  });

  it('says as an error that it may not read', async () => {
    await app.graph.behave({ permissions: ['User.Invite.All'] });
    const said = await saidBy(sync);
    await app.graph.behave({ permissions: ['User.Invite.All', 'User.Read.All', 'User.ReadWrite.All'] });
    expect(said.filter((line) => line.startsWith('error'))).toEqual([
      expect.stringContaining('(Authorization_RequestDenied)'),
    ]);
  });

  it('takes no redemption from before a reset for one after it', async () => {
    const { id } = await invitePending('lea@fabrikam.com');
    await app.graph.redeem('lea@fabrikam.com');
    await sync();
    await app.until(id, 'accepted');
    const busy = { method: 'POST', path: '/invitations', email: 'lea@fabrikam.com', answer: 503, retryAfter: 60 };
    await app.graph.behave({ deltaReplays: true, faults: [busy] });
    await app.act(id, 'resetRedemption');
    // The reset is not done in Graph, which still says Accepted, and tells of it again.
    await app.until(id, ({ history }) => history.some(({ what }) => what === 'postponed'));
    await sync();
    expect((await read(id)).status).toBe('queued');
    await app.jump(61_000);
    await app.until(id, 'pendingAcceptance');
    await app.graph.redeem('lea@fabrikam.com');
    await sync();
    await app.until(id, 'accepted');
  });
});

describe('the timer compareRedemptions', () => {
  it('finds whom the changes never told of, with one request for all who are pending', async () => {
    const missed = await invitePending('max@fabrikam.com');
    const pending = await invitePending('nia@fabrikam.com');
    await app.graph.redeem('max@fabrikam.com');
    const calls = await callsOf(compare);
    expect(calls.filter((call) => call === 'GET /v1.0/users')).toHaveLength(1);
    await app.until(missed.id, 'accepted');
    expect((await read(pending.id)).status).toBe('pendingAcceptance');
  });
});

import { z } from 'zod';
import { faultOf, useSimulator, userIdOf } from './simulated';

const STATE = 'id,externalUserState';

describe('/users/delta of the Graph simulator', () => {
  const graph = useSimulator();

  const changes = z.looseObject({
    value: z.array(z.record(z.string(), z.unknown())),
    '@odata.nextLink': z.string().optional(),
    '@odata.deltaLink': z.string().optional(),
  });
  const get = async (link: string) => changes.parse((await graph.call('GET', link)).body);
  const latest = async (select = STATE) => linkOf(await get(`/v1.0/users/delta?$select=${select}&$deltaToken=latest`));
  const linkOf = (page: z.output<typeof changes>) => z.string().parse(page['@odata.deltaLink']);
  const redeem = (email: string) => graph.control('POST', 'redemptions', { email });
  const invite = async (email: string) => userIdOf(await graph.invite(email));

  it('tells nothing of before with $deltaToken=latest, and then each change once', async () => {
    const ann = await invite('ann@fabrikam.com');
    const first = await get(`/v1.0/users/delta?$select=${STATE}&$deltaToken=latest`);
    expect(first.value).toEqual([]);
    const bob = await invite('bob@fabrikam.com');
    await redeem('ann@fabrikam.com');
    const second = await get(linkOf(first));
    expect(second.value).toEqual([
      { id: bob, externalUserState: 'PendingAcceptance' },
      { id: ann, externalUserState: 'Accepted' },
    ]);
    expect(await get(linkOf(second))).toMatchObject({ value: [] });
  });

  it('tells of everybody without a token, those who have been there all along too', async () => {
    await graph.control('POST', 'users', { email: 'old@contoso.com', state: null });
    await invite('ann@fabrikam.com');
    const { value } = await get('/v1.0/users/delta?$select=mail');
    expect(value.map(({ mail }) => mail)).toEqual(['old@contoso.com', 'ann@fabrikam.com']);
  });

  it('counts only what is selected as a change', async () => {
    await invite('ann@fabrikam.com');
    const [mails, states] = [await latest('id,mail'), await latest()];
    await redeem('ann@fabrikam.com');
    expect((await get(mails)).value).toEqual([]);
    expect((await get(states)).value).toHaveLength(1);
  });

  it('tells of who is gone', async () => {
    const ann = await invite('ann@fabrikam.com');
    const link = await latest();
    await graph.call('DELETE', `/v1.0/users/${ann}`);
    expect((await get(link)).value).toEqual([{ id: ann, '@removed': { reason: 'deleted' } }]);
  });

  it('gives long rounds in pages, and the delta link with the last', async () => {
    const link = await latest();
    for (const name of ['ann', 'bob', 'cid']) await invite(`${name}@fabrikam.com`);
    await graph.behave({ deltaPageSize: 2 });
    const first = await get(link);
    expect([first.value.length, '@odata.deltaLink' in first]).toEqual([2, false]);
    const second = await get(z.string().parse(first['@odata.nextLink']));
    expect([second.value.length, '@odata.nextLink' in second]).toEqual([1, false]);
    expect((await get(linkOf(second))).value).toEqual([]);
  });

  it('tells a change once more in the round after it when it is to replay', async () => {
    const link = await latest();
    await invite('ann@fabrikam.com');
    const first = await get(link);
    await graph.behave({ deltaReplays: true });
    expect((await get(linkOf(first))).value).toEqual(first.value);
  });

  it('answers 410 once when tokens expired, and to a token of before a reset', async () => {
    const link = await latest();
    await graph.behave({ deltaTokensExpired: true });
    const refused = await graph.call('GET', link);
    expect(faultOf(refused).slice(0, 2)).toEqual([410, 'syncStateNotFound']);
    expect((await get(link)).value).toEqual([]);
    await graph.control('POST', 'reset');
    expect((await graph.call('GET', link)).status).toBe(410);
  });

  it('shows a change only once the directory’s lag has passed', async () => {
    const link = await latest();
    await graph.behave({ directoryLagMs: 3_600_000 });
    await invite('ann@fabrikam.com');
    expect((await get(link)).value).toEqual([]);
    await graph.behave({ directoryLagMs: 0 });
    expect((await get(link)).value).toHaveLength(1);
  });

  it.each([
    ['$top=5', 400, 'Request_UnsupportedQuery'],
    ['$select=nonsense', 400, 'BadRequest'],
    ['$deltatoken=nonsense', 400, 'BadRequest'],
    ['$skiptoken=e30', 400, 'BadRequest'],
  ])('refuses %s', async (query, status, code) => {
    expect(faultOf(await graph.call('GET', `/v1.0/users/delta?${query}`)).slice(0, 2)).toEqual([status, code]);
  });

  it('asks for a permission to read users', async () => {
    await graph.behave({ permissions: ['User.Invite.All'] });
    expect((await graph.call('GET', '/v1.0/users/delta')).status).toBe(403);
  });
});

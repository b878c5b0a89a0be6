import { startGraphSimulator } from '../../../local/graph/startGraphSimulator';
import { CHANGES_FROM_NOW, makeGuestChanges } from '../../../shared/graph/guestChanges';
import { callerOf, useRawServer } from './graphUnderTest';

describe('changes of guests', () => {
  const graph = useRawServer();
  const changes = () => makeGuestChanges(callerOf(graph.baseUrl()));
  const answer = (status: number, body: object) =>
    graph.answerWith((response) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)),
    );
  const failing = (status: number, code: string) => answer(status, { error: { code, message: 'No.' } });

  it('names those who accepted, and nobody else', async () => {
    answer(200, {
      value: [
        { id: 'a', externalUserState: 'Accepted', externalUserStateChangeDateTime: '2026-03-02T11:58:00Z' },
        { id: 'b', externalUserState: 'PendingAcceptance' },
        { id: 'c', externalUserState: null },
        { id: 'd', '@removed': { reason: 'deleted' } },
        { id: 'e', externalUserState: 'Accepted' },
      ],
      '@odata.deltaLink': 'https://graph.microsoft.com/v1.0/users/delta?$deltatoken=abc',
    });
    expect(await changes().read(CHANGES_FROM_NOW)).toEqual({
      type: 'page',
      redeemed: [{ userId: 'a', changedAt: '2026-03-02T11:58:00Z' }, { userId: 'e' }],
      path: '/users/delta?$deltatoken=abc',
      isLast: true,
    });
    expect(graph.arrived[0]?.url).toBe(
      '/v1.0/users/delta?$select=id,externalUserState,externalUserStateChangeDateTime&$deltaToken=latest',
    );
  });

  it('follows a link as Graph gave it, but only ever to its own host', async () => {
    const path = '/users/microsoft.graph.delta()?$skiptoken=R0Az_==-%2B.~&$select=id';
    answer(200, { value: [], '@odata.nextLink': `https://elsewhere.example/v1.0${path}` });
    const page = await changes().read(CHANGES_FROM_NOW);
    expect(page).toEqual({ type: 'page', redeemed: [], path, isLast: false });
    await changes().read(path);
    expect(new URLSearchParams(graph.arrived[1]?.url.split('?')[1]).get('$skiptoken')).toBe('R0Az_==-+.~');
    expect(graph.arrived[1]?.url).toContain('/v1.0/users/microsoft.graph.delta()?');
    expect(graph.arrived[1]?.url).toContain('$skiptoken=R0Az_==-%2B.~');
  });

  it.each([
    [410, 'Gone'],
    [410, 'syncStateNotFound'],
    [400, 'resyncRequired'],
    [400, 'syncStateInvalid'],
    [404, 'Directory_ExpiredPageToken'],
  ])('takes %i %s for a lost token', async (status, code) => {
    failing(status, code);
    expect(await changes().read('/users/delta?$deltatoken=abc')).toMatchObject({ type: 'tokenLost', fault: { code } });
  });

  it.each([
    [400, 'BadRequest', 'refused'],
    [401, 'InvalidAuthenticationToken', 'tenant'],
    [403, 'Authorization_RequestDenied', 'tenant'],
    [429, 'TooManyRequests', 'throttled'],
    [500, 'syncStateService', 'unknown'],
  ])('takes %i %s for a fault', async (status, code, type) => {
    failing(status, code);
    expect(await changes().read('/users/delta?$deltatoken=abc')).toMatchObject({ type, fault: { code } });
    expect(await changes().pending()).toMatchObject({ type, fault: { code } });
  });

  it.each([
    ['no link', { value: [] }],
    ['a link to something else', { value: [], '@odata.nextLink': 'https://graph.microsoft.com/v1.0/groups/delta' }],
    ['no list', { '@odata.deltaLink': 'https://graph.microsoft.com/v1.0/users/delta?$deltatoken=a' }],
  ])('can’t read an answer with %s', async (_what, body) => {
    answer(200, body);
    expect(await changes().read(CHANGES_FROM_NOW)).toMatchObject({ type: 'unknown' });
  });

  it('can’t read a list of pending guests that goes on somewhere else', async () => {
    answer(200, { value: [{ id: 'a' }], '@odata.nextLink': 'ftp://graph/v1.0/users?x' });
    expect(await changes().pending()).toMatchObject({ type: 'unknown', fault: { code: 'unreadableAnswer' } });
  });

  it('reads all pending guests, 999 with each request', async () => {
    const simulator = await startGraphSimulator({ port: 0 });
    try {
      const post = (path: string, body: object) =>
        fetch(`${simulator.baseUrl}/_simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
      for (let number = 0; number < 1000; number += 1) {
        await post('users', { email: `guest-${number}@fabrikam.com`, state: 'PendingAcceptance' });
      }
      await post('users', { email: 'accepted@fabrikam.com', state: 'Accepted' });
      const found = await makeGuestChanges(callerOf(simulator.baseUrl)).pending();
      expect(found.type === 'pending' && found.userIds.size).toBe(1000);
      const { total } = (await (await fetch(`${simulator.baseUrl}/_simulator/requests`)).json()) as { total: number };
      expect(total).toBe(2);
    } finally {
      await simulator.close();
    }
  });
});

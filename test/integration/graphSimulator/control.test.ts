import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { invitation, userIdOf, useSimulator } from './simulated';

describe('the control surface of the Graph simulator', () => {
  const graph = useSimulator();

  it('tells every call that was made of Graph, and none of its own', async () => {
    await graph.call('POST', '/v1.0/invitations', invitation('ann@fabrikam.com'));
    await graph.call('GET', '/beta/users?$top=5');

    const { body } = await graph.control('GET', 'requests');
    expect(body.total).toBe(2);
    expect(body.value).toMatchObject([
      { method: 'POST', path: '/v1.0/invitations', query: '', status: 201, email: 'ann@fabrikam.com' },
      { method: 'GET', path: '/beta/users', query: '?$top=5', status: 200 },
    ]);
  });

  it('lists the mails to one address when asked to', async () => {
    await graph.invite('ann@fabrikam.com', { sendInvitationMessage: true });
    await graph.invite('bob@fabrikam.com', { sendInvitationMessage: true });
    const { body } = await graph.control('GET', 'mails?email=Bob@fabrikam.com');
    expect(body).toMatchObject({ value: [{ to: 'bob@fabrikam.com' }], total: 2 });
  });

  it('redeems for an address, and once is enough', async () => {
    const id = userIdOf(await graph.invite('ann@fabrikam.com'));
    const first = await graph.control('POST', 'redemptions', { email: 'Ann@Fabrikam.com' });
    expect(first).toMatchObject({ status: 200, body: { id, externalUserState: 'Accepted' } });
    expect((await graph.control('POST', 'redemptions', { email: 'ann@fabrikam.com' })).body).toEqual(first.body);
  });

  it('answers 404 to a redemption by nobody, and by somebody who was never invited', async () => {
    await graph.control('POST', 'users', { email: 'member@fabrikam.com', state: null });
    expect((await graph.control('POST', 'redemptions', { email: 'ann@fabrikam.com' })).status).toBe(404);
    expect((await graph.control('POST', 'redemptions', { email: 'member@fabrikam.com' })).status).toBe(404);
  });

  it('seeds users of every state', async () => {
    const guest = await graph.control('POST', 'users', {
      email: 'ann@fabrikam.com',
      state: 'Accepted',
      createdDateTime: '2025-03-01T08:00:00Z',
      displayName: 'Ann',
    });
    expect(guest).toMatchObject({
      status: 201,
      body: {
        userType: 'Guest',
        creationType: 'Invitation',
        createdDateTime: '2025-03-01T08:00:00Z',
        displayName: 'Ann',
        externalUserState: 'Accepted',
      },
    });
    const selfService = await graph.control('POST', 'users', { email: 'b@x.com', state: null, userType: 'Guest' });
    expect(selfService.body).toMatchObject({ userType: 'Guest', creationType: null, externalUserState: null });
    expect((await graph.control('GET', 'users')).body.value).toEqual([guest.body, selfService.body]);
    expect((await graph.control('POST', 'users', { email: 'ann@fabrikam.com', state: null })).status).toBe(409);
    expect((await graph.control('POST', 'users', { email: 'c@x.com', state: 'Maybe' })).status).toBe(400);
  });

  it('replaces the keys of behaviour that it is given, and leaves the others', async () => {
    await graph.behave({ directoryLagMs: 5000, throttle: { burst: 5, warn: true } });
    const { body } = await graph.behave({ throttle: { burst: 9 }, latency: { medianMs: 1, p99Ms: 2 } });
    expect(body).toMatchObject({
      directoryLagMs: 5000,
      latency: { medianMs: 1, p99Ms: 2 },
      throttle: { ratePerSecond: 30, burst: 9, refusedCallsCount: true, retryAfter: 'seconds', warn: false },
    });
    expect((await graph.control('GET', 'behaviour')).body).toEqual(body);
  });

  it.each([
    [{ colour: 'blue' }],
    [{ latency: -1 }],
    [{ latency: { medianMs: 10, p99Ms: 5 } }],
    [{ throttle: { burst: 0 } }],
    [{ faults: [{ method: 'POST', path: '/invitations', answer: 200 }] }],
    [{ faults: [{ method: 'POST', path: '/invitations', answer: 'resetBefore', after: true }] }],
    ['fast'],
  ])('refuses the behaviour %j and keeps the one it had', async (behaviour) => {
    const before = (await graph.control('GET', 'behaviour')).body;
    expect((await graph.control('PUT', 'behaviour', behaviour)).status).toBe(400);
    expect((await graph.control('GET', 'behaviour')).body).toEqual(before);
  });

  it('takes a latency as a median and a 99th percentile', async () => {
    await graph.behave({ latency: { medianMs: 5, p99Ms: 20 } });
    expect((await graph.invite('ann@fabrikam.com')).status).toBe(201);
  });

  it('forgets everything on reset', async () => {
    await graph.behave({ directoryLagMs: 5000, guestsAllowed: false });
    await graph.control('POST', 'users', { email: 'ann@fabrikam.com', state: 'Accepted' });
    await graph.call('GET', '/v1.0/users');

    expect((await graph.control('POST', 'reset')).status).toBe(204);
    expect(await graph.requests()).toEqual([]);
    expect((await graph.control('GET', 'users')).body.value).toEqual([]);
    expect((await graph.control('GET', 'behaviour')).body).toMatchObject({ directoryLagMs: 0, guestsAllowed: true });
  });

  it('answers 404 with what there is to what there is not', async () => {
    const { status, body } = await graph.control('GET', 'nothing');
    expect(status).toBe(404);
    expect(JSON.stringify(body)).toContain('GET /_simulator/mails');
  });

  it('is closed to a web page that points a name of its own at this machine', async () => {
    const call = request(`${graph.baseUrl()}/_simulator/mails`, { headers: { Host: 'evil.example' } });
    call.end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(403);
  });
});

import { faultOf, useSimulator } from './simulated';

describe('limits of sharing in the Graph simulator', () => {
  const graph = useSimulator();
  const ANN = { recipients: [{ email: 'ann@fabrikam.com' }] };
  const mailed = (...emails: string[]) => ({ recipients: emails.map((email) => ({ email })), sendInvitation: true });
  beforeEach(async () => {
    for (const email of ['ann@fabrikam.com', 'bob@fabrikam.com']) await graph.addUser(email, 'Accepted');
  });

  it('are off unless given', async () => {
    const statuses = await Promise.all(Array.from({ length: 302 }, async () => (await graph.share(ANN)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('are 300 calls and 200 mails at once when switched on', async () => {
    await graph.behave({ sharing: {} });
    const { body } = await graph.control('GET', 'behaviour');
    expect(body['sharing']).toMatchObject({
      calls: { ratePerSecond: 1, burst: 300, refusedCallsCount: true },
      mails: { ratePerSecond: 200 / 3600, burst: 200, refusedCallsCount: false },
    });
  });

  it('answer 429 with Retry-After once the calls are used up, whatever guests are invited meanwhile', async () => {
    await graph.behave({ sharing: { calls: { ratePerSecond: 0.001, burst: 1, retryAfter: 17 } } });
    await graph.invite('carl@fabrikam.com');
    expect((await graph.share(ANN)).status).toBe(200);
    const refused = await graph.share(mailed('bob@fabrikam.com'));
    expect(faultOf(refused)).toEqual([429, 'TooManyRequests', 'Please retry again later.']);
    expect(refused.headers.get('Retry-After')).toBe('17');
    expect((await graph.invite('dora@fabrikam.com')).status).toBe(201);
    expect(await graph.permissions()).toHaveLength(1);
    expect(await graph.mails()).toEqual([]);
  });

  it('count mails one by one, and share nothing when they do not suffice', async () => {
    await graph.behave({
      sharing: { mails: { ratePerSecond: 0.001, burst: 2, retryAfter: 18 } },
    });
    expect((await graph.share(mailed('ann@fabrikam.com'))).status).toBe(200);
    const refused = await graph.share(mailed('ann@fabrikam.com', 'bob@fabrikam.com'));
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '18']);
    expect(await graph.permissions()).toHaveLength(1);
    expect((await graph.share({ recipients: [{ email: 'bob@fabrikam.com' }] })).status).toBe(200);
    expect((await graph.share(mailed('bob@fabrikam.com'))).status).toBe(200);
    expect((await graph.share(mailed('bob@fabrikam.com'))).status).toBe(429);
  });

  it('let permissions be read', async () => {
    await graph.behave({ sharing: { calls: { ratePerSecond: 0.001, burst: 1 } } });
    await graph.share(ANN);
    expect((await graph.share(ANN)).status).toBe(429);
    expect(await graph.permissions()).toHaveLength(1);
  });

  it('take faults by the first recipient’s address', async () => {
    await graph.behave({ faults: [{ method: 'POST', path: '/drives/', email: 'bob@fabrikam.com', answer: 503 }] });
    expect((await graph.share(ANN)).status).toBe(200);
    expect((await graph.share(mailed('bob@fabrikam.com', 'ann@fabrikam.com'))).status).toBe(503);
  });
});

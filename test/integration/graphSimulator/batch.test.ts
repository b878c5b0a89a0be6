import { z } from 'zod';
import { faultOf, invitation, useSimulator, type Answered } from './simulated';

const { call, behave, invite, mails, requests } = useSimulator();

const responseSchema = z.object({
  id: z.string(),
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.looseObject({}).optional(),
});

const responsesOf = ({ body }: Answered) => z.array(responseSchema).parse(body.responses);

const inviting = (id: string, email: string) => ({
  id,
  method: 'POST',
  url: '/invitations',
  headers: { 'Content-Type': 'application/json' },
  body: invitation(email, { sendInvitationMessage: true }),
});

const batch = (requests: object[]) => call('POST', '/v1.0/$batch', { requests });

describe('POST /$batch', () => {
  it('answers each request by itself, and the batch with 200', async () => {
    const answered = await batch([
      inviting('1', 'one@fabrikam.com'),
      inviting('2', 'not an address'),
      { id: '3', method: 'get', url: "users?$filter=mail eq 'one@fabrikam.com'&$select=id,mail" },
      { id: '4', method: 'GET', url: 'https://graph.microsoft.com/v1.0/users' },
    ]);
    expect(answered.status).toBe(200);
    expect(responsesOf(answered).map(({ id, status }) => [id, status])).toEqual([
      ['1', 201],
      ['2', 400],
      ['3', 200],
      ['4', 400],
    ]);
    expect(responsesOf(answered)[0]?.body).toMatchObject({ invitedUserEmailAddress: 'one@fabrikam.com' });
    expect(responsesOf(answered)[2]?.body).toMatchObject({ value: [{ mail: 'one@fabrikam.com' }] });
    expect(await mails()).toHaveLength(1);
  });

  it('counts each request against the limit and refuses the rest one by one', async () => {
    await behave({ throttle: { ratePerSecond: 0.1, burst: 2 } });
    const answered = await batch(['1', '2', '3', '4'].map((id) => inviting(id, `${id}@fabrikam.com`)));
    const statuses = responsesOf(answered).map(({ status }) => status);
    expect(statuses).toEqual([201, 201, 429, 429]);
    expect(responsesOf(answered)[2]?.headers).toMatchObject({ 'Retry-After': '20' });
    expect(responsesOf(answered)[3]?.headers).toMatchObject({ 'Retry-After': '30' });
  });

  it('shows each request and the batch among the requests', async () => {
    await batch([inviting('1', 'one@fabrikam.com')]);
    expect(await requests()).toMatchObject([
      { method: 'POST', path: '/v1.0/invitations', status: 201, email: 'one@fabrikam.com' },
      { method: 'POST', path: '/v1.0/$batch', status: 200 },
    ]);
  });

  it('brings a fault to the request that it is for', async () => {
    await behave({
      faults: [{ method: 'POST', path: '/invitations', email: 'two@fabrikam.com', answer: 'resetBefore' }],
    });
    const answered = await batch([inviting('1', 'one@fabrikam.com'), inviting('2', 'two@fabrikam.com')]);
    expect(responsesOf(answered).map(({ status }) => status)).toEqual([201, 504]);
  });

  it.each([
    ['more than twenty', Array.from({ length: 21 }, (_, nth) => inviting(`${nth}`, `${nth}@fabrikam.com`))],
    ['none', []],
    ['an id twice', [inviting('1', 'one@fabrikam.com'), inviting('1', 'two@fabrikam.com')]],
    ['dependsOn, which is not simulated', [{ ...inviting('1', 'one@fabrikam.com'), dependsOn: ['2'] }]],
  ])('refuses %s, and does none of it', async (_, requests) => {
    const answered = await batch(requests);
    expect(faultOf(answered).slice(0, 2)).toEqual([400, 'BadRequest']);
    expect(await mails()).toEqual([]);
  });

  it('asks for a token', async () => {
    const answered = await call('POST', '/v1.0/$batch', undefined, { headers: {} });
    expect(answered.status).toBe(401);
  });
});

describe('behaviour.unavailable', () => {
  it('answers 503 to as many invitations as it says, and mails nobody then', async () => {
    await behave({ unavailable: { rate: 1, retryAfter: 2 } });
    const answered = await invite('one@fabrikam.com', { sendInvitationMessage: true });
    expect(answered.status).toBe(503);
    expect(answered.headers.get('retry-after')).toBe('2');
    expect(await mails()).toEqual([]);
    expect((await call('GET', '/v1.0/users?$select=id')).status).toBe(200);
  });

  it('leaves Retry-After out when told so, and takes a token all the same', async () => {
    await behave({ unavailable: { rate: 1 }, throttle: { ratePerSecond: 0.1, burst: 1 } });
    const answered = await invite('one@fabrikam.com');
    expect([answered.status, answered.headers.get('retry-after')]).toEqual([503, null]);
    expect((await invite('one@fabrikam.com')).status).toBe(429);
  });
});

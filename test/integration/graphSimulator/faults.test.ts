import { z } from 'zod';
import { waitFor } from '../../support/waitFor';
import { faultOf, invitation, matching, useSimulator } from './simulated';

const mailed = { sendInvitationMessage: true };

describe('faults of the Graph simulator', () => {
  const graph = useSimulator();
  const fault = (answer: unknown, more: object = {}) =>
    graph.behave({ faults: [{ method: 'POST', path: '/invitations', answer, ...more }] });

  it('answers a status without doing anything, as often as told', async () => {
    await fault(503, { times: 2, retryAfter: 7 });

    const first = await graph.invite('a@fabrikam.com', mailed);
    expect(faultOf(first).slice(0, 2)).toEqual([503, 'ServiceUnavailable']);
    expect(first.headers.get('Retry-After')).toBe('7');
    expect((await graph.invite('a@fabrikam.com', mailed)).status).toBe(503);
    expect(await graph.mails()).toEqual([]);

    expect((await graph.invite('a@fabrikam.com', mailed)).status).toBe(201);
    expect((await graph.control('GET', 'behaviour')).body.faults).toEqual([]);
  });

  it('does the work before it answers the status when told so', async () => {
    await fault(503, { after: true });
    expect((await graph.invite('a@fabrikam.com', mailed)).status).toBe(503);
    expect(await graph.mails()).toHaveLength(1);
  });

  it('answers with the code and the message it was given', async () => {
    await fault(403, { code: 'Forbidden', message: 'Not today.' });
    expect(faultOf(await graph.invite('a@fabrikam.com'))).toEqual([403, 'Forbidden', 'Not today.']);
  });

  it('resets the connection before the work', async () => {
    await fault('resetBefore');
    await expect(graph.invite('a@fabrikam.com', mailed)).rejects.toThrow('fetch failed');
    expect(await graph.mails()).toEqual([]);
  });

  it('resets the connection after the work', async () => {
    await fault('resetAfter');
    await expect(graph.invite('a@fabrikam.com', mailed)).rejects.toThrow('fetch failed');
    expect(await graph.mails()).toMatchObject([{ to: 'a@fabrikam.com' }]);
    expect(await graph.requests()).toMatchObject([{ method: 'POST', path: '/v1.0/invitations', status: 0 }]);
  });

  it('never answers a call that hangs, and does nothing for it', async () => {
    await fault('hang');
    const gone = new AbortController();
    const call = graph.call('POST', '/v1.0/invitations', invitation('a@fabrikam.com', mailed), { signal: gone.signal });
    const given = expect(call).rejects.toMatchObject({ name: 'AbortError' });

    await waitFor(async () => (await graph.requests()).length === 1, { describe: 'the call to arrive' });
    gone.abort();
    await given;
    expect(await graph.mails()).toEqual([]);
  });

  it('meets only the address that it names', async () => {
    await fault(500, { email: 'Bad@fabrikam.com' });
    expect((await graph.invite('good@fabrikam.com')).status).toBe(201);
    expect((await graph.invite('bad@fabrikam.com')).status).toBe(500);
  });

  it('meets every path that starts with its own', async () => {
    await graph.behave({ faults: [{ method: 'GET', path: '/users', times: 2, answer: 504 }] });
    expect((await graph.getUser('somebody')).status).toBe(504);
    expect((await graph.call('GET', '/beta/users')).status).toBe(504);
    expect((await graph.call('GET', '/beta/users')).status).toBe(200);
  });
});

describe('throttling by the Graph simulator', () => {
  const graph = useSimulator();

  it('answers 429 with Retry-After once the burst is used up, and mails nobody', async () => {
    await graph.behave({ throttle: { ratePerSecond: 0.001, burst: 2, retryAfter: 3 } });
    expect((await graph.invite('a@fabrikam.com', mailed)).status).toBe(201);
    expect((await graph.invite('b@fabrikam.com', mailed)).status).toBe(201);

    const refused = await graph.invite('c@fabrikam.com', mailed);
    expect(faultOf(refused)).toEqual([429, 'TooManyRequests', 'Please retry again later.']);
    expect(refused.headers.get('Retry-After')).toBe('3');
    expect(await graph.mails()).toHaveLength(2);
  });

  it('lets reads through', async () => {
    await graph.behave({ throttle: { ratePerSecond: 0.001, burst: 1 } });
    await graph.invite('a@fabrikam.com');
    expect((await graph.invite('b@fabrikam.com')).status).toBe(429);
    expect((await graph.call('GET', '/v1.0/users')).status).toBe(200);
  });

  it('refuses a 151st call at once, by default', async () => {
    await graph.behave({ throttle: { ratePerSecond: 0.001 } });
    const answers = await Promise.all(Array.from({ length: 151 }, (_, n) => graph.invite(`user${n}@fabrikam.com`)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(150);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  });

  it('warns ahead when told to', async () => {
    await graph.behave({ throttle: { ratePerSecond: 0.001, burst: 5, warn: true } });
    const warnings = [];
    for (const n of [1, 2, 3, 4, 5]) {
      const { headers } = await graph.invite(`user${n}@fabrikam.com`);
      warnings.push(headers.get('x-ms-throttle-limit-percentage'));
    }
    expect(warnings).toEqual([null, null, null, '0.80', '1.00']);
  });
});

describe('answers of the Graph simulator', () => {
  const graph = useSimulator();

  it('carry the date, a request id and the caller’s own id, in headers and in the envelope', async () => {
    const answer = await graph.call('GET', '/v1.0/users/nobody', undefined, {
      headers: { Authorization: 'Bearer token', 'client-request-id': 'mine' },
    });
    const { innerError } = z.object({ innerError: z.record(z.string(), z.string()) }).parse(answer.body.error);

    expect(answer.headers.get('client-request-id')).toBe('mine');
    expect(Date.parse(answer.headers.get('Date') ?? '')).not.toBeNaN();
    expect(innerError).toEqual({
      date: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      'request-id': answer.headers.get('request-id'),
      'client-request-id': 'mine',
    });
  });
});

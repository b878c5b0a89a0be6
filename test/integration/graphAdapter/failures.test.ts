import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { aRequest } from '../../support/invitations';
import { useSimulator } from '../graphSimulator/simulated';
import { anAttempt, callerOf, guestAt, useRawServer } from './graphUnderTest';

const simulator = useSimulator();
const raw = useRawServer();

const invite = (baseUrl: string, callTimeoutMs = 20_000) =>
  guestAt(baseUrl, { callTimeoutMs }).send(aRequest(), true, anAttempt());

const fail = (fault: object) =>
  simulator.behave({ faults: [{ method: 'POST', path: '/invitations', times: 5, ...fault }] });

describe.each([
  [429, { retryAfter: 7 }, { type: 'throttled', retryAfterMs: 7_000 }],
  [429, {}, { type: 'throttled', retryAfterMs: undefined }],
  [503, { retryAfter: 3 }, { type: 'later', retryAfterMs: 3_000 }],
  [503, {}, { type: 'unknown' }],
  [500, {}, { type: 'unknown' }],
  [502, {}, { type: 'unknown' }],
  [504, {}, { type: 'unknown' }],
  [408, {}, { type: 'unknown' }],
  [401, {}, { type: 'tenant', fault: { code: 'InvalidAuthenticationToken' } }],
  [403, {}, { type: 'tenant', fault: { code: 'Authorization_RequestDenied' } }],
  [404, {}, { type: 'refused', fault: { code: 'Request_ResourceNotFound' } }],
])('a %i with %o', (answer, more, expected) => {
  it('is asked for once and told as it is', async () => {
    await fail({ answer, ...more });
    expect(await invite(simulator.baseUrl())).toMatchObject(expected);
    expect((await simulator.requests()).map(({ method }) => method)).toEqual(['POST']);
    expect(await simulator.mails()).toEqual([]);
  });
});

it.each(['resetBefore', 'resetAfter'])(
  'a connection that breaks (%s) is asked for once and unknown',
  async (answer) => {
    await fail({ answer });
    expect(await invite(simulator.baseUrl())).toMatchObject({ type: 'unknown', fault: { code: 'connectionLost' } });
    expect(await simulator.requests()).toHaveLength(1);
    expect(await simulator.mails()).toHaveLength(answer === 'resetAfter' ? 1 : 0);
  },
);

it('an answer that does not come in time is asked for once and unknown', async () => {
  await fail({ answer: 'hang' });
  expect(await invite(simulator.baseUrl(), 200)).toMatchObject({ type: 'unknown', fault: { code: 'timeout' } });
  expect(await simulator.requests()).toHaveLength(1);
});

it('an answer whose body breaks off is unknown', async () => {
  raw.answerWith((response) => {
    response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
    response.write('{"id":"1",', () => response.socket?.destroy());
  });
  expect(await invite(raw.baseUrl())).toMatchObject({ type: 'unknown', fault: { code: 'connectionLost' } });
  expect(raw.arrived).toHaveLength(1);
});

it('an answer whose body never ends is unknown', async () => {
  raw.answerWith((response) => {
    response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
    response.write('{"id":"1",');
  });
  expect(await invite(raw.baseUrl(), 200)).toMatchObject({ type: 'unknown', fault: { code: 'timeout' } });
});

it.each([
  ['no JSON', '<html>Service Unavailable</html>'],
  ['another JSON', '{"id":7,"invitedUser":"ada"}'],
  ['nothing', ''],
])('a success with %s in it is unknown, because a mail may be out', async (_what, body) => {
  raw.answerWith((response) => response.writeHead(201, { 'Content-Type': 'application/json' }).end(body));
  expect(await invite(raw.baseUrl())).toMatchObject({ type: 'unknown' });
});

it('a redirect is not followed: it would ask twice, elsewhere', async () => {
  raw.answerWith((response) => response.writeHead(307, { Location: `${raw.baseUrl()}/elsewhere` }).end());
  expect(await invite(raw.baseUrl())).toMatchObject({ type: 'unknown' });
  expect(raw.arrived).toHaveLength(1);
});

it('a refused connection is surely not sent', async () => {
  const port = await freePort();
  expect(await callerOf(`http://127.0.0.1:${port}`)({ method: 'POST', path: '/invitations', body: {} })).toEqual({
    type: 'notSent',
    reason: 'noConnection',
    message: 'No connection to Microsoft Graph (ECONNREFUSED).',
  });
  expect(await invite(`http://127.0.0.1:${port}`)).toMatchObject({ type: 'later', fault: { code: 'noConnection' } });
});

it('a name that leads nowhere is surely not sent', async () => {
  const call = callerOf('http://graph.invalid');
  expect(await call({ method: 'POST', path: '/invitations', body: {} })).toMatchObject({ type: 'notSent' });
});

it('a server that does not speak TLS is not sent the request', async () => {
  const call = callerOf(`https://127.0.0.1:${raw.port()}`);
  expect((await call({ method: 'POST', path: '/invitations', body: {} })).type).not.toBe('answer');
  expect(raw.arrived).toEqual([]);
});

it('a token that can’t be had is the tenant’s fault, and nothing is sent', async () => {
  const guest = guestAt(simulator.baseUrl(), { accessToken: () => Promise.reject(new Error('no such identity')) });
  expect(await guest.send(aRequest(), true, anAttempt())).toEqual({
    type: 'tenant',
    fault: { code: 'noToken', message: 'No access token for Microsoft Graph: no such identity' },
  });
  expect(await simulator.requests()).toEqual([]);
});

it('a lease that is over keeps the request at home', async () => {
  const answer = await guestAt(simulator.baseUrl()).send(aRequest(), true, anAttempt({ mayStillCall: () => false }));
  expect(answer).toMatchObject({ type: 'later', fault: { code: 'leaseOver' } });
  expect(await simulator.requests()).toEqual([]);
});

it('the lease is looked at after the token was had', async () => {
  const order: string[] = [];
  const accessToken = () => {
    order.push('token');
    return Promise.resolve('token');
  };
  const mayStillCall = () => {
    order.push('lease');
    return false;
  };
  await guestAt(simulator.baseUrl(), { accessToken }).send(aRequest(), true, anAttempt({ mayStillCall }));
  expect(order).toEqual(['token', 'lease']);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

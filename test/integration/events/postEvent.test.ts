import { type PostOptions, makePostEvent } from '../../../shared/events/postEvent';
import { type Receiver, startReceiver } from '../../support/receiver';
import { waitFor } from '../../support/waitFor';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer(204);
});
afterAll(() => receiver.close());

const post = (url: string, options: Partial<PostOptions> = {}) =>
  makePostEvent({ allowedHosts: [], allowsLoopback: true, timeoutMs: 10_000, ...options })({
    url,
    headers: { 'webhook-id': 'evt_1' },
    body: '{"name":"Zoë"}',
  });

it('posts headers and body as they are', async () => {
  expect(await post(receiver.url('/a?b=c'))).toEqual({ type: 'taken' });
  expect(receiver.received).toMatchObject([
    { path: '/a?b=c', body: '{"name":"Zoë"}', headers: { 'webhook-id': 'evt_1', 'content-length': '15' } },
  ]);
});

it.each([
  [200, { type: 'taken' }],
  [202, { type: 'taken' }],
  [299, { type: 'taken' }],
  [410, { type: 'gone' }],
  [400, { type: 'failed', reason: 'status 400' }],
  [404, { type: 'failed', reason: 'status 404' }],
  [500, { type: 'failed', reason: 'status 500' }],
])('takes status %d for %j', async (status, posted) => {
  receiver.answer(status);
  expect(await post(receiver.url())).toEqual(posted);
});

it.each([301, 302, 303, 307, 308])('follows no redirect with status %d', async (status) => {
  receiver.answer((response) => response.writeHead(status, { location: receiver.url('/elsewhere') }).end());
  expect(await post(receiver.url())).toEqual({
    type: 'failed',
    reason: `status ${status} (redirects are not followed)`,
  });
  expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
});

it.each([
  ['120', 120_000],
  ['86400', 3_600_000],
])('tells how long the receiver wants to be left alone, an hour at most: %s s', async (header, retryAfterMs) => {
  receiver.answer((response) => response.writeHead(503, { 'retry-after': header }).end());
  expect(await post(receiver.url())).toEqual({ type: 'failed', reason: 'status 503', retryAfterMs });
});

it('gives up on a receiver that hangs', async () => {
  receiver.answer(() => undefined);
  expect(await post(receiver.url(), { timeoutMs: 200 })).toEqual({
    type: 'failed',
    reason: 'its host gave no answer in 0.2 s',
  });
  expect(receiver.received).toHaveLength(1);
});

it('tells a broken connection and a refused one by what they are', async () => {
  receiver.answer((response) => response.destroy());
  expect(await post(receiver.url())).toEqual({ type: 'failed', reason: 'its host broke the connection' });
  const gone = await startReceiver();
  await gone.close();
  expect(await post(gone.url())).toEqual({ type: 'failed', reason: 'its host refuses the connection' });
});

it('does not read an answer that has no end', async () => {
  let isClosed = false;
  receiver.answer((response) => {
    const chunk = Buffer.alloc(16 * 1024);
    const write = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.once('close', () => (isClosed = true));
    response.on('drain', write);
    response.writeHead(200);
    write();
  });
  expect(await post(receiver.url())).toEqual({ type: 'failed', reason: 'its host answers more than is taken' });
  await waitFor(() => isClosed, { describe: 'the connection to be closed' });
});

describe('on the Internet', () => {
  const resolvingTo = (...addresses: string[]): Partial<PostOptions> => ({
    allowsLoopback: false,
    timeoutMs: 2_000,
    resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))),
  });

  it.each([
    ['127.0.0.1'],
    ['10.1.2.3'],
    ['169.254.169.254'],
    ['168.63.129.16'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['fd00::1'],
  ])('posts nothing to a name that leads to %s', async (address) => {
    expect(await post('https://hooks.contoso.com/', resolvingTo(address))).toEqual({
      type: 'failed',
      reason: 'its host leads to an address that is not public',
    });
  });

  it('posts nothing to a name of which one address is private, whichever would be taken', async () => {
    expect(await post('https://hooks.contoso.com/', resolvingTo('20.50.2.1', '10.0.0.1'))).toMatchObject({
      reason: 'its host leads to an address that is not public',
    });
  });

  it('asks for the addresses of a name once, so that what it connects to is what it checked', async () => {
    const asked: string[] = [];
    const resolve = (hostname: string) => {
      asked.push(hostname);
      return Promise.resolve([{ address: '10.0.0.1', family: 4 }]);
    };
    await post('https://hooks.contoso.com/', { ...resolvingTo(), resolve });
    expect(asked).toEqual(['hooks.contoso.com']);
  });

  it('tells a name without addresses, and one that can’t be looked up', async () => {
    expect(await post('https://hooks.contoso.com/', resolvingTo())).toMatchObject({
      reason: 'its host has no address',
    });
    const failing = {
      ...resolvingTo(),
      resolve: () => Promise.reject(Object.assign(new Error(), { code: 'EAI_AGAIN' })),
    };
    expect(await post('https://hooks.contoso.com/', failing)).toEqual({
      type: 'failed',
      reason: 'its host can’t be reached (EAI_AGAIN)',
    });
  });

  it.each([
    ['http://127.0.0.1:80/', 'its URL must be https'],
    ['https://127.0.0.1/', 'its URL must have a host name, not an address'],
  ])('posts nothing to %s, though a subscription names it', async (url, reason) => {
    expect(await post(url, resolvingTo('20.50.2.1'))).toEqual({ type: 'failed', reason });
  });

  it('posts nothing to a host that was taken off the list', async () => {
    const posted = await post('https://hooks.fabrikam.com/', {
      ...resolvingTo('20.50.2.1'),
      allowedHosts: ['hooks.contoso.com'],
    });
    expect(posted).toMatchObject({ reason: expect.stringContaining('ALLOWED_EVENT_HOSTS') as string });
  });
});

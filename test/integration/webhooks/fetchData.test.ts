import type { FetchDescription } from '../../../shared/webhooks/sourceSchema';
import { makeCallHost } from '../../../shared/webhooks/callHost';
import { makeFetchData } from '../../../shared/webhooks/fetchData';
import { type HttpServer, type Reply, startHttpServer } from '../../support/httpServer';

const ENVIRONMENT = { USER: 'hr-app', PASSWORD: 'a-password', KEY: 'a-key' };

let answer: (path: string) => Reply;
let server: HttpServer;
let nowMs = 0;

beforeAll(async () => {
  server = await startHttpServer(({ path }) => answer(path));
});
afterAll(() => server.close());
beforeEach(() => {
  server.heard.length = 0;
  nowMs = 0;
});

const make = ({ timeoutMs = 5_000, mostBytes = 1_000 } = {}) =>
  makeFetchData({
    callHost: makeCallHost({ timeoutMs, mostBytes }),
    environment: ENVIRONMENT,
    monotonicMs: () => nowMs,
  });

const HOSTS = { allowedHosts: ['127.0.0.1'] };
const described = (more: Partial<FetchDescription> = {}): FetchDescription => ({ url: '', ...HOSTS, ...more });
const fetchIt = (more: Partial<FetchDescription> = {}, fetchData = make()) =>
  fetchData(described(more), server.url('/people/17'));
const host = () => new URL(server.url('/')).host;

describe('fetchData', () => {
  it('gets JSON, with every digit of its numbers', async () => {
    answer = () => ({ body: '{"id": 3332883854254932743, "name": "Ann"}' });
    expect(await fetchIt()).toEqual({ type: 'fetched', data: '{"id":"3332883854254932743","name":"Ann"}' });
    expect(server.heard).toMatchObject([{ method: 'GET', path: '/people/17', body: '' }]);
    expect(server.heard[0]?.headers).not.toHaveProperty('authorization');
  });

  it('posts a body where one is described', async () => {
    answer = () => ({ body: {} });
    await fetchIt({ body: { fields: ['root.id'] } });
    expect(server.heard).toMatchObject([
      { method: 'POST', body: '{"fields":["root.id"]}', headers: { 'content-type': 'application/json' } },
    ]);
  });

  it.each<[string, NonNullable<FetchDescription['authorization']>, object]>([
    [
      'name and password',
      { type: 'basic', username: 'USER', secret: 'PASSWORD' },
      { authorization: 'Basic aHItYXBwOmEtcGFzc3dvcmQ=' },
    ],
    [
      'a key in a header',
      { type: 'header', header: 'X-Api-Key', prefix: 'key ', secret: 'KEY' },
      { 'x-api-key': 'key a-key' },
    ],
  ])('shows %s', async (_what, authorization, headers) => {
    answer = () => ({ body: {} });
    await fetchIt({ authorization });
    expect(server.heard[0]?.headers).toMatchObject(headers);
  });

  it.each([
    [404, { type: 'gone', reason: 'answers 404.' }],
    [410, { type: 'gone', reason: 'answers 410.' }],
    [401, { type: 'failed', reason: 'gives no data (status 401).' }],
    [500, { type: 'failed', reason: 'gives no data (status 500).' }],
    [204, { type: 'failed', reason: 'gives no data (status 204).' }],
  ])('tells of status %i', async (status, { type, reason }) => {
    answer = () => ({ status, ...(status === 204 ? {} : { body: { secret: 'of the answer' } }) });
    expect(await fetchIt()).toEqual({ type, reason: `${host()} ${reason}` });
  });

  it('hands on how long to wait', async () => {
    answer = () => ({ status: 429, headers: { 'Retry-After': '120' } });
    expect(await fetchIt()).toMatchObject({ type: 'failed', retryAfterMs: 120_000 });
  });

  it('follows no redirect', async () => {
    answer = (path) => (path === '/elsewhere' ? { body: {} } : { status: 302, headers: { Location: '/elsewhere' } });
    expect(await fetchIt()).toEqual({ type: 'failed', reason: `${host()} gives no data (status 302).` });
    expect(server.heard).toHaveLength(1);
  });

  it('takes no more than it is allowed to', async () => {
    answer = () => ({ body: 'x'.repeat(2_000) });
    expect(await fetchIt()).toEqual({ type: 'failed', reason: `${host()} answers more than is taken.` });
  });

  it('takes no answer that is no JSON', async () => {
    answer = () => ({ body: '<html>' });
    expect(await fetchIt()).toEqual({ type: 'failed', reason: `${host()} answers no JSON.` });
  });

  it.each<[string, Reply]>([
    ['hangs', () => undefined],
    ['hangs in the middle', (response) => void response.writeHead(200).write('{')],
  ])('gives up a host that %s', async (_what, reply) => {
    answer = () => reply;
    expect(await fetchIt({}, make({ timeoutMs: 100 }))).toEqual({
      type: 'failed',
      reason: `${host()} gave no answer in 0.1 s.`,
    });
  });

  it('tells of a connection that breaks', async () => {
    answer = () => (response) => response.destroy();
    expect(await fetchIt()).toEqual({ type: 'failed', reason: `${host()} broke the connection.` });
  });

  it('calls nothing but what is described, whatever the payload made of the URL', async () => {
    const url = server.url('/people').replace('127.0.0.1', 'localhost');
    expect(await make()(described(), url)).toEqual({
      type: 'failed',
      reason: `${new URL(url).host} is not called: it must be https.`,
    });
    expect(server.heard).toEqual([]);
  });
});

describe('client credentials', () => {
  const authorization = () => ({
    type: 'clientCredentials' as const,
    tokenUrl: server.url('/token'),
    clientId: 'USER',
    secret: 'PASSWORD',
  });
  const paths = () => server.heard.map(({ path }) => path);

  it('ask for a token once, and again a minute before it runs out', async () => {
    answer = (path) => ({ body: path === '/token' ? { access_token: 'the-token', expires_in: 600 } : {} });
    const fetchData = make();
    const fetchWith = () => fetchIt({ authorization: authorization() }, fetchData);
    expect(await fetchWith()).toMatchObject({ type: 'fetched' });
    nowMs = 539_000;
    await fetchWith();
    expect(paths()).toEqual(['/token', '/people/17', '/people/17']);
    expect(server.heard[0]).toMatchObject({
      method: 'POST',
      body: 'grant_type=client_credentials&client_id=hr-app&client_secret=a-password',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(server.heard[2]?.headers.authorization).toBe('Bearer the-token');
    nowMs = 541_000;
    await fetchWith();
    expect(paths().slice(3)).toEqual(['/token', '/people/17']);
  });

  it('ask for another token after one was refused', async () => {
    let status = 401;
    answer = (path) => (path === '/token' ? { body: { access_token: 'old', expires_in: 600 } } : { status, body: {} });
    const fetchData = make();
    expect(await fetchIt({ authorization: authorization() }, fetchData)).toMatchObject({ type: 'failed' });
    status = 200;
    expect(await fetchIt({ authorization: authorization() }, fetchData)).toMatchObject({ type: 'fetched' });
    expect(paths()).toEqual(['/token', '/people/17', '/token', '/people/17']);
  });

  it.each<[string, Reply, string]>([
    ['refused', { status: 400, body: { error: 'invalid_client' } }, 'gives no token (status 400).'],
    ['none', { body: { access_token: 'two\nlines' } }, 'gives no token to use.'],
    ['no JSON', { body: 'token' }, 'gives no token to use.'],
  ])('tell of a token that is %s, and fetch nothing', async (_what, reply, reason) => {
    answer = () => reply;
    expect(await fetchIt({ authorization: authorization() })).toEqual({
      type: 'failed',
      reason: `${host()} ${reason}`,
    });
    expect(paths()).toEqual(['/token']);
  });
});

describe('a host by name', () => {
  const resolving = (...addresses: string[]) =>
    makeCallHost({
      timeoutMs: 5_000,
      mostBytes: 1_000,
      resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))),
    })({ url: 'https://api.example.com/', headers: {} });

  it.each([['127.0.0.1'], ['169.254.169.254'], ['::1'], ['8.8.8.8', '10.0.0.1']])(
    'is not called where it leads to %s',
    async (...addresses) => {
      expect(await resolving(...addresses)).toEqual({ ok: false, reason: 'leads to an address that is not public' });
    },
  );

  it('is not called where it has no address', async () => {
    expect(await resolving()).toEqual({ ok: false, reason: 'has no address' });
  });
});

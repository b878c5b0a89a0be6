import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { startHostProcess, type HostProcess } from '../../support/hostProcess';

const onlyFunctions = 'echo literal typed optional files nothing secret throws bytes logs hooked'.split(' ');
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let host: HostProcess;
beforeAll(async () => {
  host = await startHostProcess({ onlyFunctions, functionKey: 'local-key' });
});
afterAll(() => host.end());

async function get(path: string, init?: RequestInit): Promise<{ status: number; body: string }> {
  const response = await fetch(host.url(path), init);
  return { status: response.status, body: await response.text() };
}

describe('a request', () => {
  it('arrives with method, url, parameters, query, headers, body and trace', async () => {
    const response = await fetch(host.url('/api/echo/a%20b?x=1&x=2&empty=&c=%C3%A9+d'), {
      method: 'POST',
      headers: { traceparent, 'X-Mixed': 'Case' },
      body: '{"a":1}',
    });
    expect(response.headers.get('x-method')).toBe('POST');
    expect(await response.json()).toMatchObject({
      url: host.url('/api/echo/a%20b?x=1&x=2&empty=&c=%C3%A9+d'),
      method: 'POST',
      params: { id: 'a b' },
      query: { x: '1,2', empty: '', c: 'é d' },
      headers: { 'x-mixed': 'Case', host: `127.0.0.1:${host.httpPort}` },
      body: '{"a":1}',
      traceParent: traceparent,
    });
  });

  it('arrives with the values of a repeated header joined', async () => {
    const outgoing = request(host.url('/api/echo/1'), { headers: { 'X-Many': ['a', 'b'] } }).end();
    const [response] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream];
    expect(JSON.parse(await text(response))).toMatchObject({ headers: { 'x-many': 'a,b' } });
  });

  it('arrives with its body when that comes in chunks, or after a 100-continue', async () => {
    const headers = { 'transfer-encoding': 'chunked', expect: '100-continue' };
    const outgoing = request(host.url('/api/echo/1'), { method: 'POST', headers });
    outgoing.flushHeaders();
    await once(outgoing, 'continue');
    outgoing.write('one ');
    outgoing.end('two');
    const [response] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream];
    expect(JSON.parse(await text(response))).toMatchObject({ body: 'one two' });
  });

  it('gets a trace of its own when it brings none', async () => {
    const { body } = await get('/api/echo/1');
    expect((JSON.parse(body) as { traceParent: string }).traceParent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });
});

describe('a route', () => {
  it.each([
    ['/api/echo/me', 200, 'literal'],
    ['/API/Typed/12', 200, '12'],
    ['/api/typed/twelve', 404, ''],
    ['/api/optional', 200, '{}'],
    ['/api/optional/1', 200, '{"x":"1"}'],
    ['/api/files/a/b%20c.txt', 200, 'a/b c.txt'],
    ['/api/unknown', 404, ''],
    ['/', 404, ''],
    ['/api/echo/%E0%A4%A', 400, ''],
  ])('GET %s answers %i', async (path, status, body) => {
    expect(await get(path)).toEqual({ status, body });
  });

  it('answers 404, as Azure does, when the method is another', async () => {
    expect(await get('/api/echo/1', { method: 'DELETE' })).toEqual({ status: 404, body: '' });
  });

  it('answers HEAD with the headers alone where the function takes it', async () => {
    const response = await fetch(host.url('/api/echo/1'), { method: 'HEAD' });
    expect(response.headers.get('x-method')).toBe('HEAD');
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
    expect(await response.text()).toBe('');
  });

  it('answers 400 to a target that is no path', async () => {
    const socket = connect(host.httpPort, '127.0.0.1');
    socket.end('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('a response', () => {
  it('has the status, headers, cookies and bytes of the function', async () => {
    const sent = Buffer.from([0, 1, 254, 255]);
    const response = await fetch(host.url('/api/bytes'), { method: 'POST', body: sent });
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.getSetCookie()).toEqual(['seen=a%20b; max-age=60; path=/; samesite=lax; httponly']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(sent);
  });

  it('is 204 when the function returns nothing', async () => {
    expect(await get('/api/nothing')).toEqual({ status: 204, body: '' });
  });

  it('is 500 without a body when the function throws, and the log says why', async () => {
    expect(await get('/api/throws')).toEqual({ status: 500, body: '' });
    const entry = host.logs.find(({ functionName, level }) => functionName === 'throws' && level === 'error');
    expect(entry?.message).toContain('Error: not today');
  });

  it('is 413 when the request announces more than 100 MB', async () => {
    const headers = { 'content-length': 100 * 1024 * 1024 + 1 };
    const outgoing = request(host.url('/api/bytes'), { method: 'POST', headers });
    outgoing.on('error', () => undefined);
    outgoing.flushHeaders();
    const [response] = (await once(outgoing, 'response')) as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    outgoing.destroy();
  });
});

describe('the key', () => {
  it.each([
    ['/api/secret', undefined, 401],
    ['/api/secret?code=wrong', undefined, 401],
    ['/api/secret?code=local-key', undefined, 200],
    ['/api/secret', 'local-key', 200],
    ['/api/nothing', undefined, 204],
    ['/admin/host/status', undefined, 401],
    ['/admin/host/status', 'local-key', 200],
  ])('%s with %s answers %i', async (path, key, status) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'x-functions-key': key };
    expect((await get(path, { headers })).status).toBe(status);
  });
});

it('passes what a function logs on, with its level, name and invocation', async () => {
  await get('/api/logs');
  const logged = host.logs.filter(({ functionName }) => functionName === 'logs');
  expect(logged.map(({ level, message }) => [level, message])).toEqual([
    ['information', 'for your { information: 1 }'],
    ['warning', 'careful'],
    ['error', 'broken'],
  ]);
  expect(new Set(logged.map(({ invocationId }) => invocationId)).size).toBe(1);
});

it('runs the hooks around a function, which may change handler and result', async () => {
  const { body } = await get('/api/hooked/x');
  expect(JSON.parse(body)).toEqual({ name: 'x', wrapped: true, seenBy: ['preInvocation', 'postInvocation'] });
});

it('tells its state and the number of functions', async () => {
  const { body } = await get('/admin/host/status?code=local-key');
  expect(JSON.parse(body)).toEqual({ state: 'Running', functionCount: 11 });
});

it('describes its functions', () => {
  expect(host.functions).toContainEqual({
    name: 'echo',
    trigger: 'http',
    detail: 'GET,POST,HEAD /api/echo/{id}',
    route: '/api/echo/{id}',
    methods: ['GET', 'POST', 'HEAD'],
  });
});

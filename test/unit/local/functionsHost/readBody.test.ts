import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readBody } from '../../../../local/functionsHost/readBody';

let server: Server;
const bodies: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer((incoming, response) => {
    readBody(incoming, 10).then(
      (body) => {
        bodies.push(body?.toString());
        response.end();
      },
      () => response.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

async function post(body: string, headers: Record<string, string> = {}): Promise<string | undefined> {
  const { port } = server.address() as AddressInfo;
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', headers }).end(body);
  const [response] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
  return bodies.at(-1);
}

it.each([
  ['with a length', {}],
  ['in chunks', { 'transfer-encoding': 'chunked' }],
])('reads a body %s up to the limit, and no more', async (_, headers) => {
  expect(await post('', headers)).toBe('');
  expect(await post('0123456789', headers)).toBe('0123456789');
  expect(await post('0123456789a', headers)).toBeUndefined();
});

it('rejects when the caller goes away in the middle', async () => {
  const asked = once(server, 'request') as Promise<[IncomingMessage]>;
  const { port } = server.address() as AddressInfo;
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', headers: { 'content-length': '9' } });
  outgoing.on('error', () => undefined).write('01234');
  const [incoming] = await asked;
  const reading = readBody(incoming);
  outgoing.destroy();
  await expect(reading).rejects.toThrow();
});

import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { paced, saturate } from '../../../../bench/ingest/load';

let server: Server;
let port: number;
let answer: (request: IncomingMessage, body: string) => { status: number; body: string } | Promise<never>;
const asked: { connection: number; body: string; type: string | undefined }[] = [];

beforeEach(async () => {
  asked.length = 0;
  answer = () => ({ status: 202, body: '{"word":"größer"}' });
  server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      asked.push({ connection: request.socket.remotePort ?? 0, body, type: request.headers['content-type'] });
      const given = await answer(request, body);
      response.writeHead(given.status, { 'Content-Length': Buffer.byteLength(given.body) }).end(given.body);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const bodies = ['{"n":"ä"}', '{"n":2}', '{"n":3}', '{"n":4}', '{"n":5}'];

it('posts every body once, over as many connections as are asked for, and times each', async () => {
  const { latenciesMs } = await saturate({ port, path: '/any', bodies, connections: 2 });
  expect(asked.map(({ body }) => body).sort()).toEqual([...bodies].sort());
  expect(new Set(asked.map(({ connection }) => connection)).size).toBe(2);
  expect(new Set(asked.map(({ type }) => type))).toEqual(new Set(['application/json']));
  expect(latenciesMs).toHaveLength(5);
});

it('understands an answer that comes in pieces', async () => {
  answer = () => ({ status: 202, body: 'x'.repeat(300_000) });
  const { latenciesMs } = await saturate({ port, path: '/any', bodies, connections: 1 });
  expect(latenciesMs).toHaveLength(5);
});

it('sends all of them at a fixed pace', async () => {
  const { latenciesMs } = await paced({ port, path: '/any', bodies, connections: 2, perSecond: 1000 });
  expect(asked.map(({ body }) => body).sort()).toEqual([...bodies].sort());
  expect(latenciesMs).toHaveLength(5);
});

it('ends with what was answered when a request is not accepted', async () => {
  answer = (_, body) => ({ status: body === bodies[2] ? 503 : 202, body: 'away' });
  await expect(saturate({ port, path: '/any', bodies, connections: 2 })).rejects.toThrow('/any answered 503: away');
});

it('ends when the connection breaks', async () => {
  answer = (request) => {
    request.socket.destroy();
    return new Promise<never>(() => undefined);
  };
  await expect(saturate({ port, path: '/any', bodies, connections: 1 })).rejects.toThrow(
    'The host closed the connection.',
  );
});

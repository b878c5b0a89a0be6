import { type IncomingMessage, type Server, type ServerResponse, createServer, request as send } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface ProxiedCall {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** `before`: the server behind never sees the call; `after`: it does its work, and only the answer is lost. */
export type Broken = 'before' | 'after' | undefined;

/** An HTTP server on 127.0.0.1 between the app and a stand-in: what goes through can be read, broken off and dated. */
export interface Proxy {
  port: number;
  calls: ProxiedCall[];
  /** From now on every Date header is this much later, on top of earlier jumps. */
  jump: (ms: number) => void;
  /** Asked for each call, which waits for it; the calls that it names are answered 500. */
  breakCalls: (which: (call: ProxiedCall) => Broken | Promise<Broken>) => void;
  /** Nobody listens any more; connections are cut. */
  goAway: () => Promise<void>;
  /** Listens again on the same port; does nothing where it does already. */
  comeBack: () => Promise<void>;
}

export async function startProxy(targetPort: number): Promise<Proxy> {
  const calls: ProxiedCall[] = [];
  let aheadMs = 0;
  let broken: (call: ProxiedCall) => Broken | Promise<Broken> = () => undefined;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bytesOf(request);
    const { method = '', url = '', headers } = request;
    const call = { method, path: url, headers, body: body.toString() };
    calls.push(call);
    const how = await broken(call);
    if (how === 'before') return void response.writeHead(500).end();
    const answer = await forward(request, body, targetPort);
    const answered = await bytesOf(answer);
    if (how === 'after') return void response.writeHead(500).end();
    response.writeHead(answer.statusCode ?? 500, { ...answer.headers, date: later(answer.headers.date, aheadMs) });
    response.end(answered);
  };

  // Clients keep connections; one that the server gives up at that moment would look like a lost answer.
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    handle(request, response).catch(() => response.socket?.resetAndDestroy());
  });
  const port = await listen(server, 0);
  return {
    port,
    calls,
    jump: (ms) => void (aheadMs += ms),
    breakCalls: (which) => void (broken = which),
    goAway: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    comeBack: async () => {
      if (!server.listening) await listen(server, port);
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function forward(request: IncomingMessage, body: Buffer, port: number): Promise<IncomingMessage> {
  const { method, url, headers } = request;
  const passedOn = send({ host: '127.0.0.1', port, method, path: url, headers, agent: false });
  passedOn.end(body);
  const [answer] = (await once(passedOn, 'response')) as [IncomingMessage];
  return answer;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const later = (date: string | undefined, ms: number): string =>
  new Date((date === undefined ? Date.now() : Date.parse(date)) + ms).toUTCString();

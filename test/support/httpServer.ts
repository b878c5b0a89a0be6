import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What a test wants answered: status, JSON body, headers; or the response itself, to do with it what no server should. */
export type Reply =
  { status?: number; body?: unknown; headers?: Record<string, string> } | ((response: ServerResponse) => void);

export type HttpServer = Awaited<ReturnType<typeof startHttpServer>>;

/** An HTTP server on 127.0.0.1 that notes what it hears and answers as it is told. */
export async function startHttpServer(reply: (heard: Heard) => Reply | Promise<Reply>) {
  const heard: Heard[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const one = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
    heard.push(one);
    const what = await reply(one);
    if (typeof what === 'function') {
      what(response);
      return;
    }
    const { status = 200, body, headers: answered = {} } = what;
    response.writeHead(status, answered).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    heard,
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

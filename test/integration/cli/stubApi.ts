import { type IncomingHttpHeaders, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** `hang`: no answer; `reset`: the connection breaks after the request was read. */
export type Answer = (call: Call) => Reply | 'hang' | 'reset' | Promise<Reply>;

/** An endpoint on a free port of 127.0.0.1 that answers as a test says, for what a well app seldom does. */
export async function startStubApi() {
  const calls: Call[] = [];
  let answer: Answer = () => ({ status: 404 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      calls.push(call);
      void Promise.resolve(answer(call)).then((reply) => {
        if (reply === 'reset') request.socket.resetAndDestroy();
        else if (reply !== 'hang') write(response, reply);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answerWith: (next: Answer) => {
      calls.length = 0;
      answer = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function write(response: ServerResponse, { status, headers = {}, body }: Reply): void {
  const isText = typeof body === 'string' || body === undefined;
  response.writeHead(status, { ...(isText ? {} : { 'content-type': 'application/json' }), ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

/** The answers to a bulk as the app gives them: 202 for each entry, unless `of` says otherwise. */
export function bulkReply({ body }: Call, of: (email: string, index: number) => object = () => ({})): Reply {
  const { invitations } = JSON.parse(body) as { invitations: { invitedUserEmailAddress: string }[] };
  const value = invitations.map(({ invitedUserEmailAddress }, index) => ({
    index,
    status: 202,
    id: idOf(invitedUserEmailAddress),
    ...of(invitedUserEmailAddress, index),
  }));
  return { status: 202, body: { batchId: 'b', value } };
}

/** An id that tells whose it is. */
export const idOf = (email: string): string =>
  `019cadc6-9a80-7abc-8def-${Buffer.from(email).toString('hex').padEnd(12, '0').slice(0, 12)}`;

export const errorBody = (code: string, message: string) => ({ error: { code, message } });

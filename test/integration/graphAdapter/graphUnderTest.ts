import { type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simulatorToken } from '../../../shared/graph/accessToken';
import { type GraphOptions, makeCallGraph } from '../../../shared/graph/callGraph';
import { makeGuest } from '../../../shared/graph/guest';

export const ATTEMPT = '3f0c9a52-6f0e-4c57-9f1c-6a4b0a4f1f10';

/** The attempt that calls go out under; its lease is in force. */
export const anAttempt = (changes: Partial<{ mayStillCall: () => boolean }> = {}) => ({
  attemptId: ATTEMPT,
  mayStillCall: () => true,
  ...changes,
});

export const guestAt = (baseUrl: string, changes: Partial<GraphOptions> = {}) => makeGuest(callerOf(baseUrl, changes));

export const callerOf = (baseUrl: string, changes: Partial<GraphOptions> = {}) =>
  makeCallGraph({ baseUrl, callTimeoutMs: 20_000, accessToken: simulatorToken, ...changes });

/** A request as a server saw it. */
export interface Arrived {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A server that keeps what arrives and answers as a test says: for what no simulator of Graph would ever do. */
export function useRawServer() {
  const arrived: Arrived[] = [];
  let answer: (response: ServerResponse) => void;
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        arrived.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
        answer(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    arrived.length = 0;
    answer = (response) => response.writeHead(500).end();
  });
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return {
    arrived,
    baseUrl: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    port: () => (server.address() as AddressInfo).port,
    answerWith: (answering: (response: ServerResponse) => void) => {
      answer = answering;
    },
  };
}

import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import type { RpcTypedData } from './coreTypes';
import type { HttpRoute } from './httpRoutes';
import type { Invoke } from './invoke';
import { readBody } from './readBody';
import { matchRoute, splitPath } from './routes';
import { toRpcHttp, writeRpcHttp } from './rpcHttp';
import { toTraceContext } from './traceContext';
import type { WorkInHand } from './workInHand';

export interface HttpParts {
  routes: HttpRoute[];
  admin: AdminRoutes;
  functionKey: string | undefined;
  invoke: Invoke;
  work: WorkInHand;
}

/** Answers a request below /admin. */
export type AdminRoutes = (method: string, path: string[]) => PlainAnswer;

interface PlainAnswer {
  status: number;
  json?: unknown;
  /** Set when what is left of the request's body is not worth reading. */
  endsConnection?: true;
}

type Answer = PlainAnswer | { returned: RpcTypedData | null | undefined };

/** Limits of the real host's web server: an idle connection that a client still counts on must not be gone. */
const kestrel = { keepAliveTimeout: 130_000, maxHeaderSize: 32 * 1024 };

/**
 * Answers as the real host does: 404 for a wrong method too, 401 for a missing key, 413 for more than 100 MB, 500 without
 * a body for a function that throws, 204 for one that returns nothing.
 */
export function makeHttpServer(parts: HttpParts): Server {
  const server = createServer(kestrel, (request, response) => {
    if (!server.listening) {
      write({ status: 503, endsConnection: true }, response);
      return;
    }
    void parts.work.run(async () => {
      write(await toAnswer(parts, request).catch(() => ({ status: 500 })), response);
      // A caller that went away is no failure of the function.
      await finished(response).catch(() => undefined);
    });
  });
  return server;
}

/**
 * Binds to 127.0.0.1 and returns the port; 0 takes any free one.
 *
 * @throws Error naming the port and its environment variable, when it is taken.
 */
export async function listen(server: Server, port: number): Promise<number> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    if (!isTaken) throw cause;
    throw new Error(`Port ${port} is taken: set FUNCTIONS_PORT to a free one.`, { cause });
  }
  return (server.address() as AddressInfo).port;
}

async function toAnswer(parts: HttpParts, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET' } = request;
  const target = toTarget(request);
  if (!target) return { status: 400 };
  const { url, path } = target;
  const hasKey = parts.functionKey === undefined || isKey(parts.functionKey, givenKey(request, url));
  if (path[0]?.toLowerCase() === 'admin') return hasKey ? parts.admin(method, path) : { status: 401 };

  for (const { hosted, route } of parts.routes) {
    const parameters = hosted.trigger.methods.includes(method) ? matchRoute(route, path) : undefined;
    if (!parameters) continue;
    if (hosted.trigger.authLevel !== 'anonymous' && !hasKey) return { status: 401 };
    const body = await readBody(request);
    if (!body) return { status: 413, endsConnection: true };
    const { returnValue } = await parts.invoke(hosted, {
      input: { http: toRpcHttp(request, url, parameters, body) },
      traceContext: toTraceContext(request.headers.traceparent, request.headers['tracestate']),
    });
    return { returned: returnValue };
  }
  return { status: 404 };
}

function write(answer: Answer, response: ServerResponse): void {
  if ('returned' in answer) {
    writeRpcHttp(answer.returned, response);
    return;
  }
  if (answer.endsConnection) response.setHeader('connection', 'close');
  if (answer.json !== undefined) response.setHeader('content-type', 'application/json');
  response.writeHead(answer.status).end(answer.json === undefined ? undefined : JSON.stringify(answer.json));
}

/** Undefined when the request's target or host is none. */
function toTarget(request: IncomingMessage): { url: URL; path: string[] } | undefined {
  const { url = '', headers } = request;
  if (!url.startsWith('/')) return undefined;
  try {
    const [rawPath = ''] = url.split('?', 1);
    return { url: new URL(`http://${headers.host ?? '127.0.0.1'}${url}`), path: splitPath(rawPath) };
  } catch {
    return undefined;
  }
}

function givenKey(request: IncomingMessage, url: URL): string {
  const header = request.headers['x-functions-key'];
  return typeof header === 'string' ? header : (url.searchParams.get('code') ?? '');
}

function isKey(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}

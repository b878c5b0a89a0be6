import type { IncomingMessage, ServerResponse } from 'node:http';
import { stringify } from 'lossless-json';
import { callIds, failure, toBody, type Answer, type CallIds } from './answers';
import { answerControl, CONTROL_PREFIX } from './control';
import { pageHeaders } from './page';
import { acceptByPage, showRedeemPage } from './redeemPage';
import { serveGraph, type Arrived, type Serving } from './serveGraph';
import type { Simulation } from './simulation';

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** The listener of the HTTP server: Graph, the redeem page and the control surface. */
export function serve(simulation: Simulation, serving: Serving) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    handle(simulation, serving, request, response).catch((error: unknown) => {
      // The client went away or the server closes: nobody is left to be told.
      if (response.destroyed || serving.stopped.aborted) return;
      serving.onLog(error instanceof Error ? (error.stack ?? error.message) : String(error));
      response.destroy();
    });
  };
}

async function handle(
  simulation: Simulation,
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const arrived = await toArrived(request, simulation.baseUrl);
  const { method, url, text, ids } = arrived;
  if (text === undefined) {
    send(simulation, response, failure(413, 'RequestEntityTooLarge', 'The request body is too large.'), ids);
  } else if (url.pathname.startsWith(CONTROL_PREFIX)) {
    const answer = isLoopback(request)
      ? answerControl(simulation, method, url.pathname, url.searchParams, text)
      : failure(403, 'Forbidden', 'The control surface answers to 127.0.0.1 and localhost only.');
    send(simulation, response, answer, ids);
  } else if (/^\/redeem\/?$/.test(url.pathname)) {
    const page = (method === 'POST' ? acceptByPage : showRedeemPage)(simulation, url.searchParams);
    response.writeHead(page.status, pageHeaders).end(page.html);
  } else {
    const outcome = await serveGraph(simulation, serving, { ...arrived, text });
    if (outcome.type === 'answer') send(simulation, response, outcome.answer, ids);
    if (outcome.type === 'reset') response.socket?.resetAndDestroy();
  }
}

async function toArrived(
  request: IncomingMessage,
  baseUrl: string,
): Promise<Omit<Arrived, 'text'> & { text?: string }> {
  // `//` alone is no URL, and a proxy's absolute form is not for us either.
  const target = request.url?.replace(/^\/{2,}/, '/') ?? '/';
  const text = await readText(request, BODY_LIMIT_BYTES);
  const sentId = request.headers['client-request-id'];
  return {
    method: request.method ?? 'GET',
    url: new URL(target.startsWith('/') ? target : '/', baseUrl),
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    ids: callIds(typeof sentId === 'string' ? sentId : undefined),
    ...(text === undefined ? {} : { text }),
  };
}

/** The whole body as text, or undefined when it is larger than that. */
async function readText(request: IncomingMessage, limitBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end all the same: a client that is still sending would miss the answer.
    if (size <= limitBytes) chunks.push(chunk);
  }
  return size > limitBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** A page on the web may point a name of its own at this machine, but it can't send another Host. */
const isLoopback = (request: IncomingMessage) => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '');

/** Node adds Date, which is the server's clock that callers go by. */
function send(simulation: Simulation, response: ServerResponse, answer: Answer, ids: CallIds): void {
  const body = toBody(answer, ids, simulation.now());
  // Slower by far than JSON's own, so only where a number may have more digits than a double holds.
  const toText = 'isExact' in answer ? stringify : JSON.stringify;
  const text = body && toText(body);
  response.writeHead(answer.status, {
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
    ...(text === undefined
      ? {}
      : { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) }),
    ...answer.headers,
  });
  response.end(text);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { badRequest, callIds, failure, readText, toBody, type Answer, type Call, type CallIds } from './answers';
import { drawLatencyMs, type Fault } from './behaviour';
import { answerControl, CONTROL_PREFIX } from './control';
import { faultAnswer, takeFault } from './faults';
import { readJson } from './preconditions';
import { acceptByPage, pageHeaders, showRedeemPage } from './redeemPage';
import { answerCall } from './routes';
import type { Simulation } from './simulation';

export interface Serving {
  /** Aborted when the server closes: nothing waits any longer then. */
  stopped: AbortSignal;
  onLog: (line: string) => void;
}

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** The listener of the HTTP server: Graph, the redeem page and the control surface. */
export function serve(simulation: Simulation, serving: Serving) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    handle(simulation, serving, request, response).catch((error: unknown) => {
      // The client went away or the server closes: nobody is left to be told.
      if (response.destroyed || serving.stopped.aborted) return;
      serving.onLog(
        `${request.method ?? ''} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
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
  const method = request.method ?? 'GET';
  // `//` alone is no URL, and a proxy's absolute form is not for us either.
  const target = request.url?.replace(/^\/{2,}/, '/') ?? '/';
  const url = new URL(target.startsWith('/') ? target : '/', simulation.baseUrl);
  const text = await readText(request, BODY_LIMIT_BYTES);
  const ids = callIds(header(request, 'client-request-id'));
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
    await serveGraph(simulation, serving, { request, method, url, text, ids }, response);
  }
}

/** A page on the web may point a name of its own at this machine, but it can't send another Host. */
const isLoopback = (request: IncomingMessage) => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '');

interface Arrived {
  request: IncomingMessage;
  method: string;
  url: URL;
  text: string;
  ids: CallIds;
}

/**
 * Answers a call of Graph, or doesn't, as behaviour's faults have it.
 *
 * Half of the latency passes before the work and half after it, so a caller who gives up can't know which it was.
 */
async function serveGraph(
  simulation: Simulation,
  { stopped, onLog }: Serving,
  arrived: Arrived,
  response: ServerResponse,
): Promise<void> {
  const { method, url, text, ids } = arrived;
  const arrivedAtMs = simulation.now();
  const call = toCall(arrived);
  const email = invitedAddress(text);
  const fault = call && takeFault(simulation.behaviour.faults, { method, path: call.path, email });
  const halfMs = drawLatencyMs(simulation.behaviour.latency, simulation.random) / 2;

  const note = (status: number) => {
    const at = new Date(arrivedAtMs).toISOString();
    simulation.requests.push({
      at,
      method,
      path: url.pathname,
      query: url.search,
      status,
      clientRequestId: ids.clientRequestId,
      ...(email === undefined ? {} : { email }),
    });
    onLog(
      `${method} /${url.pathname.split('/').slice(1, 3).join('/')} ${status === 0 ? 'no answer' : status} ${ids.clientRequestId}`,
    );
  };

  await pause(halfMs, stopped);
  const outcome = perform(simulation, call, url, fault);
  note(outcome.type === 'answer' ? outcome.answer.status : 0);
  if (outcome.type === 'hang') return;
  await pause(halfMs, stopped);
  if (outcome.type === 'reset') response.destroy();
  else send(simulation, response, outcome.answer, ids);
}

type Outcome = { type: 'answer'; answer: Answer } | { type: 'reset' } | { type: 'hang' };

function perform(simulation: Simulation, call: Call | undefined, url: URL, fault: Fault | undefined): Outcome {
  if (!call) return { type: 'answer', answer: badRequest(`Invalid version: ${url.pathname.split('/')[1] ?? ''}`) };
  if (!fault) return { type: 'answer', answer: answerCall(simulation, call) };
  if (fault.answer === 'hang') return { type: 'hang' };
  if (fault.answer === 'resetAfter' || fault.after) answerCall(simulation, call);
  return typeof fault.answer === 'number'
    ? { type: 'answer', answer: faultAnswer(fault, fault.answer) }
    : { type: 'reset' };
}

const pause = async (ms: number, signal: AbortSignal) => {
  if (ms > 0) await sleep(ms, undefined, { signal });
};

function toCall({ request, method, url, text, ids }: Arrived): Call | undefined {
  const [, version, path] = /^\/(v1\.0|beta)(\/.*)$/.exec(url.pathname) ?? [];
  if ((version !== 'v1.0' && version !== 'beta') || path === undefined) return undefined;
  return {
    method,
    version,
    path,
    query: url.searchParams,
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    text,
    clientRequestId: ids.clientRequestId,
  };
}

function invitedAddress(text: string): string | undefined {
  const body = text === '' ? undefined : readJson(text);
  if (typeof body !== 'object' || body === null || !('invitedUserEmailAddress' in body)) return undefined;
  return typeof body.invitedUserEmailAddress === 'string' ? body.invitedUserEmailAddress : undefined;
}

const header = (request: IncomingMessage, name: string) => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Node adds Date, which is the server's clock that callers go by. */
function send(simulation: Simulation, response: ServerResponse, answer: Answer, ids: CallIds): void {
  const body = toBody(answer, ids, simulation.now());
  const text = body && JSON.stringify(body);
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

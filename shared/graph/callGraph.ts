import { Client, type Context, type Middleware, ResponseType } from '@microsoft/microsoft-graph-client';
import { parseExactly } from '../domain/exactJson';
import type { AccessTokenOf } from './accessToken';
import { type CallFailure, networkFailure } from './callFailure';
import { retryAfterMs } from './retryAfter';

export interface GraphAnswer {
  type: 'answer';
  status: number;
  /** Parsed JSON, or undefined where there is none. */
  body: unknown;
  /** Graph's own clock. */
  date: string | undefined;
  retryAfterMs: number | undefined;
  /** x-ms-throttle-limit-percentage: how much of its limit Graph sees used, when it says so. */
  throttlePercentage: number | undefined;
}

/** What Graph said, or why nothing of it is known. */
export type GraphResult = GraphAnswer | CallFailure;

export interface GraphCall {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** v1.0 when left out. */
  version?: 'v1.0' | 'beta';
  /** Path and query after the version, already encoded: `/users?$filter=…`. */
  path: string;
  /** Text is JSON already. */
  body?: object | string;
  clientRequestId?: string;
  /** W3C Trace Context, which Graph is told. */
  traceparent?: string;
  /** Asked in the innermost middleware, right before the request leaves: false means that it must not any more. */
  mayStillCall?: () => boolean;
}

export interface GraphOptions {
  /** https://graph.microsoft.com, a national cloud, or a simulator. */
  baseUrl: string;
  callTimeoutMs: number;
  accessToken: AccessTokenOf;
}

export type CallGraph = (call: GraphCall) => Promise<GraphResult>;

/**
 * Calls Graph through Microsoft's client with a middleware chain of our own; never throws for a fault of the network,
 * the token or Graph. The client's RetryHandler is not in the chain: it sends any POST again on 429, 503 and 504 and so
 * may mail twice. Trying again is the queue's work.
 */
export const makeCallGraph =
  (options: GraphOptions): CallGraph =>
  async (call) => {
    let failure: CallFailure | undefined;
    // The client drops the cause of a failure, so the chain, made anew for each call, keeps it.
    const failing = (found: CallFailure): Error => {
      failure = found;
      return new Error(found.message);
    };
    const client = Client.initWithMiddleware({
      middleware: authentication(innermost(call, options, failing), options, failing),
      baseUrl: `${options.baseUrl}/`,
      defaultVersion: 'v1.0',
    });
    try {
      return await answerOf(await send(client, call), failing);
    } catch (error) {
      if (failure) return failure;
      throw error;
    }
  };

type Failing = (found: CallFailure) => Error;

/** Our own, because the client's sends no Authorization header to a simulator on plain http. */
const authentication = (next: Middleware, options: GraphOptions, failing: Failing): Middleware => ({
  execute: async (context) => {
    const token = await options.accessToken().catch((error: unknown) => {
      const message = `No access token for Microsoft Graph: ${error instanceof Error ? error.message : String(error)}`;
      throw failing({ type: 'notSent', reason: 'noToken', message });
    });
    const headers = { ...headersOf(context), Authorization: `Bearer ${token}` };
    context.options = { ...context.options, headers };
    await next.execute(context);
  },
});

const headersOf = (context: Context): Record<string, string> =>
  (context.options?.headers ?? {}) as Record<string, string>;

/** Last in the chain: nothing below may send the request a second time, and nothing but time passes after the check. */
const innermost = (call: GraphCall, options: GraphOptions, failing: Failing): Middleware => ({
  execute: async (context) => {
    const url = context.request as unknown as string; // The client passes its own URL text.
    if (call.mayStillCall?.() === false) {
      throw failing({ type: 'notSent', reason: 'leaseOver', message: 'The lease ran out before the call.' });
    }
    try {
      context.response = await fetch(url, {
        ...(context.options as RequestInit),
        redirect: 'error',
        signal: AbortSignal.timeout(options.callTimeoutMs),
      });
    } catch (error) {
      throw failing(networkFailure(error));
    }
  },
});

function send(client: Client, call: GraphCall): Promise<Response> {
  const request = client.api(call.path).responseType(ResponseType.RAW);
  if (call.version !== undefined) request.version(call.version);
  if (typeof call.body === 'string') request.header('Content-Type', 'application/json');
  if (call.clientRequestId !== undefined) request.header('client-request-id', call.clientRequestId);
  if (call.traceparent !== undefined) request.header('traceparent', call.traceparent);
  switch (call.method) {
    case 'GET':
      return request.get() as Promise<Response>;
    case 'POST':
      return request.post(call.body) as Promise<Response>;
    case 'PATCH':
      return request.patch(call.body) as Promise<Response>;
    case 'DELETE':
      return request.delete() as Promise<Response>;
  }
}

/** An answer whose body breaks off is as unknown as none. */
async function answerOf(response: Response, failing: Failing): Promise<GraphAnswer> {
  const text = await response.text().catch((error: unknown) => {
    throw failing(networkFailure(error));
  });
  return {
    type: 'answer',
    status: response.status,
    body: parseJson(text),
    date: response.headers.get('date') ?? undefined,
    retryAfterMs: retryAfterMs(response.headers.get('retry-after'), response.headers.get('date')),
    throttlePercentage: percentageOf(response.headers.get('x-ms-throttle-limit-percentage')),
  };
}

function percentageOf(header: string | null): number | undefined {
  const value = header === null ? NaN : Number(header);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : parseExactly(text);
  } catch {
    return undefined;
  }
}

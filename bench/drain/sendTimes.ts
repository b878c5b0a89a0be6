import { subscribe } from 'node:diagnostics_channel';

interface Request {
  method: string;
  path: string;
}

export interface SendTimes {
  /** In ms; grows while calls are made. */
  sendMs: readonly number[];
  /** Calls that nothing is known of yet. */
  inHand: () => number;
}

/**
 * How long each POST /invitations of this process takes, from the request until the whole answer is there, as Node's own
 * fetch tells it: so what is measured needs not know of it.
 * https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md
 */
export function watchSends(): SendTimes {
  const sendMs: number[] = [];
  const began = new Map<object, number>();
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: Request };
    if (request.method === 'POST' && request.path.endsWith('/invitations')) began.set(request, performance.now());
  });
  subscribe('undici:request:trailers', (message) => {
    const { request } = message as { request: Request };
    const beganMs = began.get(request);
    if (beganMs !== undefined) sendMs.push(performance.now() - beganMs);
    began.delete(request);
  });
  subscribe('undici:request:error', (message) => {
    began.delete((message as { request: Request }).request);
  });
  return { sendMs, inHand: () => began.size };
}

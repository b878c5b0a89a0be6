import { subscribe } from 'node:diagnostics_channel';

interface Request {
  method: string;
  path: string;
}

/**
 * How long each POST /invitations of this process takes, from the request until the whole answer is there, as Node's own
 * fetch tells it: so what is measured needs not know of it. The list grows while calls are made.
 * https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md
 */
export function watchSends(): readonly number[] {
  const sendMs: number[] = [];
  const began = new WeakMap<object, number>();
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: Request };
    if (request.method === 'POST' && request.path.endsWith('/invitations')) began.set(request, performance.now());
  });
  subscribe('undici:request:trailers', (message) => {
    const { request } = message as { request: Request };
    const beganMs = began.get(request);
    if (beganMs !== undefined) sendMs.push(performance.now() - beganMs);
  });
  return sendMs;
}

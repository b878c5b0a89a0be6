import {
  Client,
  HTTPMessageHandler,
  type Context,
  type Middleware,
  RedirectHandler,
  RedirectHandlerOptions,
  RetryHandler,
  RetryHandlerOptions,
  TelemetryHandler,
} from '@microsoft/microsoft-graph-client';
import { simulatorToken } from '../../shared/graph/accessToken';

/**
 * Microsoft's client with the middleware that it has by default: three retries of a 429, 503 or 504, after its
 * Retry-After where there is one. Only the first link is not its own, because that sends no token over plain http.
 * https://learn.microsoft.com/graph/sdks/customize-client
 */
export function defaultClient(baseUrl: string): Client {
  const chain: Middleware[] = [
    withToken(),
    new RetryHandler(new RetryHandlerOptions()),
    new RedirectHandler(new RedirectHandlerOptions()),
    new TelemetryHandler(),
    new HTTPMessageHandler(),
  ];
  chain.forEach((link, nth) => {
    const next = chain[nth + 1];
    if (next) link.setNext?.(next);
  });
  const [middleware] = chain;
  return Client.initWithMiddleware({ ...(middleware ? { middleware } : {}), baseUrl: `${baseUrl}/` });
}

function withToken(): Middleware {
  let next: Middleware | undefined;
  return {
    setNext: (following) => (next = following),
    execute: async (context: Context) => {
      const headers = (context.options?.headers ?? {}) as Record<string, string>;
      const authorization = `Bearer ${await simulatorToken()}`;
      context.options = { ...context.options, headers: { ...headers, Authorization: authorization } };
      await next?.execute(context);
    },
  };
}

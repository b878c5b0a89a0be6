import { byPrecedence, parseRoute, routeShape, type Route } from './routes';
import type { HostedFunction, HttpTrigger } from './triggers';

export interface HttpRoute {
  hosted: HostedFunction<HttpTrigger>;
  /** With the prefix of host.json, as a caller writes it. */
  path: string;
  route: Route;
}

/**
 * The routes of the app's HTTP functions, the more precise first.
 *
 * @throws Error when two functions would answer the same requests.
 */
export function toHttpRoutes(functions: HostedFunction<HttpTrigger>[], routePrefix: string): HttpRoute[] {
  const takenBy = new Map<string, string>();
  const routes = functions.map((hosted) => {
    const path = `${routePrefix}/${hosted.trigger.route ?? hosted.name}`.split('/').filter(Boolean).join('/');
    const route = parseRoute(path);
    for (const method of hosted.trigger.methods) {
      const key = `${method} /${routeShape(route)}`;
      const other = takenBy.get(key);
      if (other) throw new Error(`The functions "${other}" and "${hosted.name}" both have the route ${key}.`);
      takenBy.set(key, hosted.name);
    }
    return { hosted, path: `/${path}`, route };
  });
  return routes.sort((a, b) => byPrecedence(a.route, b.route));
}

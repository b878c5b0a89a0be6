import { badRequest, failure, type Answer, type Call } from './answers';
import { groupRoutes } from './groups';
import { invitationRoutes } from './invitations';
import { lacksPermission, lacksToken } from './preconditions';
import type { Route } from './route';
import type { Simulation } from './simulation';
import { admit } from './throttle';
import { userRoutes } from './users';
import { userDeltaRoutes } from './usersDelta';

/** Every operation of Graph that is simulated: a new kind adds its routes here. The first that fits is taken. */
const routes: Route[] = [...invitationRoutes, ...groupRoutes, ...userDeltaRoutes, ...userRoutes];

/** Graph's answer to a call: token, then route, then throttling, then permission, then the route's own work. */
export function answerCall(simulation: Simulation, call: Call): Answer {
  const unauthorised = lacksToken(call);
  if (unauthorised) return unauthorised;
  const found = findRoute(call);
  if (found.type === 'none') return found.answer;
  const { route, parameters } = found;

  const admission = route.isThrottled && admit(simulation.bucket, simulation.behaviour.throttle, simulation.now());
  if (admission?.type === 'refused') {
    return failure(429, 'TooManyRequests', 'Please retry again later.', admission.headers);
  }
  const answer = lacksPermission(simulation.behaviour, route.permissions) ?? route.answer(simulation, call, parameters);
  return admission ? { ...answer, headers: { ...admission.headers, ...answer.headers } } : answer;
}

type Found = { type: 'route'; route: Route; parameters: string[] } | { type: 'none'; answer: Answer };

function findRoute({ method, path }: Call): Found {
  const matching = routes.flatMap((route) => {
    const match = route.pattern.exec(path);
    return match ? [{ route, encoded: match.slice(1) }] : [];
  });
  const found = matching.find(({ route }) => route.method === method);
  if (!found) {
    const answer =
      matching.length > 0
        ? failure(405, 'BadRequest', 'Specified HTTP method is not allowed for the request target.')
        : badRequest(`Resource not found for the segment '${path.split('/')[1] ?? ''}'.`);
    return { type: 'none', answer };
  }
  const parameters = found.encoded.map(decode);
  return parameters.every((parameter) => parameter !== undefined)
    ? { type: 'route', route: found.route, parameters }
    : { type: 'none', answer: badRequest('The request URI is not valid.') };
}

/** Undefined for text that isn't percent-encoded as it should be. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

import { badRequest, failure, tooManyRequests, type Answer, type Call } from './answers';
import { driveItemInviteRoutes } from './driveItemInvite';
import { groupRoutes } from './groups';
import { invitationRoutes } from './invitations';
import { linkedInRoutes } from './linkedIn';
import { permissionRoutes } from './permissions';
import { lacksPermission, lacksToken } from './preconditions';
import type { Route } from './route';
import type { Simulation } from './simulation';
import { admit, type Admission } from './throttle';
import { userRoutes } from './users';
import { userDeltaRoutes } from './usersDelta';

/** Every operation of Graph that is simulated: a new kind adds its routes here. The first that fits is taken. */
const routes: Route[] = [
  ...invitationRoutes,
  ...driveItemInviteRoutes,
  ...permissionRoutes,
  ...linkedInRoutes,
  ...groupRoutes,
  ...userDeltaRoutes,
  ...userRoutes,
];

/** Graph's answer to a call: token, then route, then throttling, then permission, then the route's own work. */
export function answerCall(simulation: Simulation, call: Call): Answer {
  const unauthorised = lacksToken(call);
  if (unauthorised) return unauthorised;
  const found = findRoute(call);
  if (found.type === 'none') return found.answer;
  const { route, parameters } = found;

  const admission = admitTo(simulation, route);
  if (admission?.type === 'refused') return tooManyRequests(admission.headers);
  const unavailable = route.throttledAs === 'invitations' ? answerUnavailable(simulation) : undefined;
  if (unavailable) return unavailable;
  const answer = lacksPermission(simulation.behaviour, route.permissions) ?? route.answer(simulation, call, parameters);
  return admission ? { ...answer, headers: { ...admission.headers, ...answer.headers } } : answer;
}

/** Undefined for a route without a limit, or whose limit is off. */
function admitTo({ behaviour, bucket, sharingBuckets, now }: Simulation, route: Route): Admission | undefined {
  switch (route.throttledAs) {
    case 'invitations':
      return admit(bucket, behaviour.throttle, now(), { othersPerSecond: behaviour.otherAppsPerSecond });
    case 'sharing':
      return behaviour.sharing && sharingBuckets
        ? admit(sharingBuckets.calls, behaviour.sharing.calls, now())
        : undefined;
    case undefined:
      return undefined;
  }
}

/** A 503 to as many calls as behaviour says, before anything is done. */
function answerUnavailable({ behaviour, random }: Simulation): Answer | undefined {
  const { rate, retryAfter } = behaviour.unavailable;
  // Without a rate no number is drawn, so that a seed gives the same latencies as before.
  if (rate === 0 || random() >= rate) return undefined;
  const headers = retryAfter === null ? undefined : { 'Retry-After': String(retryAfter) };
  return failure(503, 'ServiceUnavailable', 'The service is temporarily unavailable. Please try again later.', headers);
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

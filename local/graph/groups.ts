import { z } from 'zod';
import { badRequest, resourceNotFound, type Answer, type Call } from './answers';
import { parseJson } from './preconditions';
import type { Route } from './route';
import type { Simulation } from './simulation';

export interface Group {
  id: string;
  name: string;
  members: string[];
}

/**
 * `POST /groups/{id}/members/$ref`: https://learn.microsoft.com/graph/api/group-post-members
 *
 * Who may become a member is read as of `behaviour.directoryLagMs` ago, so a fresh guest is not found for a while.
 */
export const groupRoutes: Route[] = [
  {
    method: 'POST',
    pattern: /^\/groups\/([^/]+)\/members\/\$ref$/,
    permissions: ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
    answer: addMember,
  },
];

const reference = z.object({ '@odata.id': z.string() });
const REFERENCE = /^https:\/\/graph\.microsoft\.com\/v1\.0\/(?:directoryObjects|users)\/([^/?]+)$/;

const ALREADY_THERE =
  "One or more added object references already exist for the following modified properties: 'members'.";

function addMember(simulation: Simulation, call: Call, [id = '']: string[]): Answer {
  const json = parseJson(call);
  if (json.type === 'invalid') return json.answer;
  const [, userId] = REFERENCE.exec(reference.safeParse(json.body).data?.['@odata.id'] ?? '') ?? [];
  if (userId === undefined) return badRequest('Invalid URL format specified in @odata.id payload for Microsoft Graph.');
  const group = simulation.groups.get(id.toLowerCase());
  if (!group) return resourceNotFound(id);
  const { directory, behaviour, now } = simulation;
  if (!directory.findAsOf(userId, now() - behaviour.directoryLagMs)) return resourceNotFound(userId);
  if (group.members.includes(userId))
    return { status: 400, error: { code: 'Request_BadRequest', message: ALREADY_THERE } };
  group.members.push(userId);
  return { status: 204 };
}

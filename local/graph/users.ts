import { badRequest, failure, resourceNotFound, type Answer, type Call } from './answers';
import type { DirectoryUser } from './directory';
import { nextLink } from './nextLink';
import type { Route } from './route';
import type { Simulation } from './simulation';
import { addressesOf, isMatch, parseUserFilter, type UserFilter } from './userFilter';
import { parseSelect, pick } from './userProperties';

/**
 * `GET /users`, `GET /users/{id or userPrincipalName}`, `DELETE /users/{id}`: https://learn.microsoft.com/graph/api/user-list
 *
 * Reads see the directory as it was `behaviour.directoryLagMs` ago. A deletion sees it as it is.
 */
export const userRoutes: Route[] = [
  {
    method: 'GET',
    pattern: /^\/users$/,
    permissions: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    answer: listUsers,
  },
  {
    method: 'GET',
    pattern: /^\/users\/([^/]+)$/,
    permissions: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    answer: getUser,
  },
  {
    method: 'DELETE',
    pattern: /^\/users\/([^/]+)$/,
    permissions: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
    answer: deleteUser,
  },
];

const UNDERSTOOD = new Set(['$filter', '$select', '$top', '$skiptoken']);
const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 999;

const unsupported = (message: string) => failure(400, 'Request_UnsupportedQuery', message);

const asOf = ({ now, behaviour }: Simulation) => now() - behaviour.directoryLagMs;

function listUsers(simulation: Simulation, { query, version }: Call): Answer {
  const stranger = [...query.keys()].find((name) => !UNDERSTOOD.has(name));
  if (stranger !== undefined) return unsupported(`Unsupported query parameter '${stranger}'.`);
  const selection = parseSelect(query.get('$select'));
  if (selection.type === 'invalid') return selection.answer;
  const filterText = query.get('$filter');
  const filter = filterText === null ? undefined : parseUserFilter(filterText);
  if (filterText !== null && !filter) return unsupported('Unsupported or invalid query filter clause specified.');
  const top = wholeNumber(query.get('$top'), DEFAULT_PAGE);
  const position = wholeNumber(query.get('$skiptoken'), 0);
  if (top === undefined || top < 1 || top > LARGEST_PAGE) {
    return badRequest(
      `Invalid page size specified: '${query.get('$top') ?? ''}'. Must be between 1 and ${LARGEST_PAGE} inclusive.`,
    );
  }
  if (position === undefined) return badRequest('The skip token is not valid.');

  const { users, next } = page(simulation, filter, top, position);
  const fields = selection.type === 'some' ? `(${selection.asWritten})` : '';
  return {
    status: 200,
    body: {
      '@odata.context': `${simulation.baseUrl}/${version}/$metadata#users${fields}`,
      ...(next === undefined
        ? {}
        : { '@odata.nextLink': nextLink(`${simulation.baseUrl}/${version}/users`, query, next) }),
      value: users.map((user) => pick(user, selection.properties)),
    },
  };
}

/** Users from a position on, and the position of the next page when there may be one. */
function page(
  simulation: Simulation,
  filter: UserFilter | undefined,
  top: number,
  position: number,
): { users: DirectoryUser[]; next: number | undefined } {
  const { directory } = simulation;
  const atMs = asOf(simulation);
  const addresses = filter && addressesOf(filter);
  const indexed = addresses && [...new Set(addresses.flatMap((address) => [...directory.idsByAddress(address)]))];
  const size = indexed?.length ?? directory.size;
  const users: DirectoryUser[] = [];
  for (let at = position; at < size; at += 1) {
    const id = indexed ? indexed[at] : directory.idAt(at);
    const user = id === undefined ? undefined : directory.findAsOf(id, atMs);
    if (!user || (filter && !isMatch(filter, user))) continue;
    if (users.length === top) return { users, next: at };
    users.push(user);
  }
  return { users, next: undefined };
}

function wholeNumber(text: string | null, fallback: number): number | undefined {
  if (text === null) return fallback;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function getUser(simulation: Simulation, { query, version }: Call, [key = '']: string[]): Answer {
  const selection = parseSelect(query.get('$select'));
  if (selection.type === 'invalid') return selection.answer;
  const user = findByKey(simulation, key, asOf(simulation));
  if (!user) return resourceNotFound(key);
  const fields = selection.type === 'some' ? `(${selection.asWritten})` : '';
  return {
    status: 200,
    body: {
      '@odata.context': `${simulation.baseUrl}/${version}/$metadata#users${fields}/$entity`,
      ...pick(user, selection.properties),
    },
  };
}

function deleteUser(simulation: Simulation, _call: Call, [key = '']: string[]): Answer {
  const user = findByKey(simulation, key, simulation.now());
  if (!user) return resourceNotFound(key);
  simulation.directory.remove(user.id);
  return { status: 204 };
}

/** By id or by userPrincipalName, as Graph takes either. */
function findByKey({ directory }: Simulation, key: string, atMs: number): DirectoryUser | undefined {
  const byId = directory.findAsOf(key, atMs);
  if (byId) return byId;
  const users = [...directory.idsByAddress(key)].map((id) => directory.findAsOf(id, atMs));
  return users.find((user) => user?.userPrincipalName.toLowerCase() === key.toLowerCase());
}

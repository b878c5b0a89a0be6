import { badRequest, failure, type Answer, type Call } from './answers';
import { itemNotFound, itemRoute } from './itemRoute';
import { nextLink } from './nextLink';
import type { Route } from './route';
import type { Share } from './shares';
import type { Simulation } from './simulation';

const WRITING = ['Files.ReadWrite.All', 'Sites.ReadWrite.All', 'Sites.Selected'];
const READING = ['Files.Read.All', 'Sites.Read.All', ...WRITING];

/**
 * `GET …/permissions`, `GET …/permissions/{id}` and `DELETE …/permissions/{id}` of a driveItem:
 * https://learn.microsoft.com/graph/api/driveitem-list-permissions
 */
export const permissionRoutes: Route[] = [
  itemRoute({ method: 'GET', suffix: '/permissions', permissions: READING, answer: listPermissions }),
  itemRoute({ method: 'GET', suffix: '/permissions/([^/]+)', permissions: READING, answer: getPermission }),
  itemRoute({ method: 'DELETE', suffix: '/permissions/([^/]+)', permissions: WRITING, answer: deletePermission }),
];

/** The share as a permission of Graph. Who it is granted to is left out for a stranger who has not used it yet. */
export function toPermission(share: Share) {
  const { id, roles, grantedTo, email, requireSignIn, hasPassword, expirationDateTime, shareId } = share;
  return {
    id,
    roles,
    ...(grantedTo ? { grantedTo: { user: grantedTo }, grantedToV2: { user: grantedTo } } : {}),
    invitation: { email, signInRequired: requireSignIn },
    hasPassword,
    ...(expirationDateTime === null ? {} : { expirationDateTime }),
    shareId,
  };
}

const PROPERTIES = new Set([
  'id',
  'roles',
  'grantedTo',
  'grantedToV2',
  'grantedToIdentities',
  'grantedToIdentitiesV2',
  'inheritedFrom',
  'invitation',
  'link',
  'hasPassword',
  'expirationDateTime',
  'shareId',
]);
const UNDERSTOOD = new Set(['$select', '$top', '$skiptoken']);

/** What is wrong with the query, as Graph says it. */
function refuseQuery(query: URLSearchParams): Answer | undefined {
  const stranger = [...query.keys()].find((name) => !UNDERSTOOD.has(name));
  if (stranger !== undefined) return failure(400, 'invalidRequest', `Unsupported query parameter '${stranger}'.`);
  const unknown = selected(query)?.find((name) => !PROPERTIES.has(name));
  return unknown === undefined
    ? undefined
    : badRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.permission'.`,
      );
}

const selected = (query: URLSearchParams) =>
  query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());

function select(permission: object, query: URLSearchParams): object {
  const names = selected(query);
  return names ? Object.fromEntries(Object.entries(permission).filter(([name]) => names.includes(name))) : permission;
}

function listPermissions(simulation: Simulation, { query, path, version }: Call, itemPath: string): Answer {
  const { shares, behaviour, baseUrl } = simulation;
  const refusal = refuseQuery(query);
  if (refusal) return refusal;
  const [top, position] = [query.get('$top') ?? String(behaviour.permissionPageSize), query.get('$skiptoken') ?? '0'];
  if (!/^[1-9]\d{0,3}$/.test(top)) return badRequest(`Invalid page size specified: '${top}'.`);
  if (!/^\d{1,9}$/.test(position)) return badRequest('The skip token is not valid.');

  const all = shares.on(itemPath);
  const end = Number(position) + Number(top);
  const page = all.slice(Number(position), end);
  return {
    status: 200,
    body: {
      '@odata.context': `${baseUrl}/${version}/$metadata#Collection(microsoft.graph.permission)`,
      ...(end < all.length ? { '@odata.nextLink': nextLink(`${baseUrl}/${version}${path}`, query, end) } : {}),
      value: page.map((share) => select(toPermission(share), query)),
    },
  };
}

function getPermission(
  { shares, baseUrl }: Simulation,
  { query, version }: Call,
  itemPath: string,
  id: string,
): Answer {
  const refusal = refuseQuery(query);
  if (refusal) return refusal;
  const share = shares.find(id);
  if (share?.itemPath !== itemPath) return itemNotFound();
  const context = `${baseUrl}/${version}/$metadata#permission/$entity`;
  return { status: 200, body: { '@odata.context': context, ...select(toPermission(share), query) } };
}

function deletePermission({ shares }: Simulation, _call: Call, itemPath: string, id: string): Answer {
  if (shares.find(id)?.itemPath !== itemPath) return itemNotFound();
  shares.remove(id);
  return { status: 204 };
}

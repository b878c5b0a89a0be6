import { badRequest, failure, type Answer, type Call } from './answers';
import type { Route } from './route';
import type { Simulation } from './simulation';

/** The 19 paths of a driveItem on the reference page of the action "invite", as it writes them. */
const ITEM_PATHS = [
  '/me/drive/root',
  '/drives/{drivesId}/root',
  '/shares/{sharesId}/root',
  '/workbooks/{workbooksId}',
  '/shares/{sharesId}/driveItem',
  '/me/drive/items/{driveItemId}',
  '/me/drive/special/{driveItemId}',
  '/me/drive/following/{driveItemId}',
  '/drives/{drivesId}/items/{driveItemId}',
  '/shares/{sharesId}/items/{driveItemId}',
  '/drives/{drivesId}/special/{driveItemId}',
  '/drives/{drivesId}/following/{driveItemId}',
  '/workbooks/{workbooksId}/children/{driveItemId}',
  '/me/drive/following/{driveItemId}/listItem/driveItem',
  '/me/drive/following/{driveItemId}/children/{driveItemId}',
  '/me/followedSites/{siteId}/items/{baseItemId}/microsoft.graph.sharedDriveItem/root',
  '/me/followedSites/{siteId}/items/{baseItemId}/microsoft.graph.sharedDriveItem/driveItem',
  '/me/followedSites/{siteId}/items/{baseItemId}/microsoft.graph.sharedDriveItem/items/{driveItemId}',
  '/me/drive/following/{driveItemId}/analytics/itemActivityStats/{itemActivityStatId}/activities/{itemActivityId}/driveItem',
];

const ANY_ITEM = ITEM_PATHS.map((path) => path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')).join('|');

interface ItemOperation {
  method: string;
  /** What follows the item's path, as the source of a RegExp; a group in it is `answer`'s last argument. */
  suffix: string;
  permissions: readonly string[];
  throttledAs?: 'sharing';
  answer: (simulation: Simulation, call: Call, itemPath: string, parameter: string) => Answer;
}

/**
 * An operation on a driveItem, under every path that there is for one.
 *
 * An item is there as soon as somebody asks for it, unless `behaviour.missingItems` says otherwise; two paths are two
 * items. `/me` wants delegated permission (`behaviour.permissionType`).
 */
export function itemRoute({ suffix, answer, ...operation }: ItemOperation): Route {
  const pattern = new RegExp(`^(${ANY_ITEM})${suffix}$`);
  return {
    ...operation,
    pattern,
    answer(simulation, call, [, parameter = '']) {
      // From the path as it was sent: a slash that is part of an id must stay one.
      const itemPath = withIdsEncoded(pattern.exec(call.path)?.[1] ?? '');
      return refusal(simulation, itemPath) ?? answer(simulation, call, itemPath, parameter);
    },
  };
}

/** The same for every way to write the same path: `b!x` and `b%21x` are one id. */
const withIdsEncoded = (path: string) =>
  path
    .split('/')
    .map((segment) => encodeURIComponent(decodeURIComponent(segment)))
    .join('/');

export const itemNotFound = () => failure(404, 'itemNotFound', 'The resource could not be found.');

function refusal({ behaviour }: Simulation, itemPath: string): Answer | undefined {
  if (itemPath.startsWith('/me/') && behaviour.permissionType === 'application') {
    return badRequest('/me request is only valid with delegated authentication flow.');
  }
  return behaviour.missingItems.includes(itemPath) ? itemNotFound() : undefined;
}

/**
 * The 19 ways to name a driveItem on the reference page of the action `invite`
 * (https://learn.microsoft.com/graph/api/driveitem-invite), `*` for an id.
 */
export const ITEM_PATHS = [
  '/me/drive/root',
  '/drives/*/root',
  '/shares/*/root',
  '/workbooks/*',
  '/shares/*/driveItem',
  '/me/drive/items/*',
  '/me/drive/special/*',
  '/me/drive/following/*',
  '/drives/*/items/*',
  '/shares/*/items/*',
  '/drives/*/special/*',
  '/drives/*/following/*',
  '/workbooks/*/children/*',
  '/me/drive/following/*/listItem/driveItem',
  '/me/drive/following/*/children/*',
  '/me/followedSites/*/items/*/microsoft.graph.sharedDriveItem/root',
  '/me/followedSites/*/items/*/microsoft.graph.sharedDriveItem/driveItem',
  '/me/followedSites/*/items/*/microsoft.graph.sharedDriveItem/items/*',
  '/me/drive/following/*/analytics/itemActivityStats/*/activities/*/driveItem',
] as const;

export type ItemPath = { ok: true; path: string } | { ok: false; why: string };

/** Ids of drives, items, shares, sites and activities: no slash, no percent, no dot at the beginning. */
const ID = /^[A-Za-z0-9_!][A-Za-z0-9_!.,=~$-]{0,299}$/;

const PATTERNS = ITEM_PATHS.map((path) => path.slice(1).split('/'));

/**
 * The normal form of an item's path: one of the page's, with or without `/invite`, every id checked and encoded. Nothing
 * else passes, so no caller can make the app call anything else of Graph.
 */
export function normalItemPath(text: string): ItemPath {
  const segments = text.startsWith('/')
    ? text
        .slice(1)
        .replace(/\/invite$/, '')
        .split('/')
    : [];
  const pattern = PATTERNS.find(
    (names) =>
      names.length === segments.length && names.every((name, index) => name === '*' || name === segments[index]),
  );
  if (!pattern) {
    return {
      ok: false,
      why: 'must be one of the paths of a driveItem, such as /drives/{id}/items/{id} or /shares/{id}/driveItem',
    };
  }
  const ids = segments.flatMap((segment, index) => (pattern[index] === '*' ? decodedId(segment) : segment) ?? []);
  if (ids.length < segments.length) {
    return { ok: false, why: 'holds an id with characters that ids of Microsoft Graph do not have' };
  }
  return { ok: true, path: `/${ids.map((id) => encodeURIComponent(id)).join('/')}` };
}

function decodedId(segment: string): string | undefined {
  try {
    const id = decodeURIComponent(segment);
    return ID.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a path in normal form needs a signed-in user: an app alone has no `/me`. */
export const needsSignedInUser = (path: string): boolean => path.startsWith('/me/');

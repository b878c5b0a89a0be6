import { z } from 'zod';
import type { DriveItemRequest, DriveRecipient } from '../domain/driveItemRequest';
import { normalFormOf } from '../domain/emailAddress';
import type { Fault, GraphRecord } from '../domain/invitation';
import type { CallGraph, GraphResult } from './callGraph';
import { type GraphFault, faultOf } from './faults';
import type { Attempt } from './guest';
import { dateOf, isOk, unreadable } from './graphAnswer';

/** A permission as far as it is kept; `isUsed`: Graph names who uses it, so the invitation behind it is redeemed. */
export interface Permission {
  id: string;
  record: GraphRecord;
  isUsed: boolean;
}

export type FoundPermission =
  { type: 'found'; permission: Permission | undefined; graphNow: string | undefined } | GraphFault;

export type Shared =
  | { type: 'shared'; permission: Permission; throttlePercentage: number | undefined }
  /** 207: the permission is there, its mail is not. */
  | { type: 'unmailed'; permission: Permission; fault: Fault }
  /** With the HTTP status, because SharePoint refuses a guest whom it does not know yet. */
  | (GraphFault & { status?: number });

const identities = z.looseObject({
  user: z.looseObject({ id: z.string().nullish(), email: z.string().nullish() }).nullish(),
});

const permissionSchema = z.looseObject({
  id: z.string().nullish(),
  roles: z.array(z.string()).nullish(),
  grantedTo: identities.nullish(),
  grantedToV2: identities.nullish(),
  grantedToIdentities: z.array(z.looseObject({})).nullish(),
  hasPassword: z.boolean().nullish(),
  inheritedFrom: z.looseObject({}).nullish(),
  invitation: z.looseObject({ email: z.string().nullish() }).nullish(),
  shareId: z.string().nullish(),
  expirationDateTime: z.string().nullish(),
  link: z.looseObject({}).nullish(),
  error: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

type RawPermission = z.output<typeof permissionSchema>;

const listSchema = z.looseObject({ value: z.array(permissionSchema), '@odata.nextLink': z.string().optional() });

/** An item shared with more people than this many pages hold is not searched to its end. */
const MOST_PAGES = 20;

/**
 * Kind `driveItem`: the action `invite` (https://learn.microsoft.com/graph/api/driveitem-invite) and the permission it
 * makes (https://learn.microsoft.com/graph/api/resources/permission). `target` is an item's path in normal form.
 */
export function makeDriveItem(callGraph: CallGraph) {
  /** Shares the item with the request's one recipient, and mails where the request wants mail. */
  const share = async (request: DriveItemRequest, attempt: Attempt): Promise<Shared> => {
    const result = await callGraph({
      method: 'POST',
      path: `${request.target}/invite`,
      body: shareBody(request),
      clientRequestId: attempt.attemptId,
      mayStillCall: attempt.mayStillCall,
    });
    if (result.type !== 'answer') return faultOf(result);
    const { status } = result;
    if (!isOk(result)) return { ...faultOf(result), status };
    const [entry] = listSchema.safeParse(result.body).data?.value ?? [];
    if (!entry) return unreadable;
    const permission = permissionOf(entry);
    const refusal = entry.error && faultOf({ ...result, status: 400, body: { error: entry.error } });
    if (refusal && permission) return { type: 'unmailed', permission, fault: refusal.fault };
    if (refusal) return { ...refusal, status: 400 };
    return permission ? { type: 'shared', permission, throttlePercentage: result.throttlePercentage } : unreadable;
  };

  /** The recipient's own permission on the item: not one that is inherited, and no sharing link. */
  const findPermission = async (
    target: string,
    recipient: DriveRecipient,
    userId?: string,
  ): Promise<FoundPermission> => {
    let graphNow: string | undefined;
    let path: string | undefined = `${target}/permissions`;
    for (let page = 1; path !== undefined && page <= MOST_PAGES; page += 1) {
      const result: GraphResult = await callGraph({ method: 'GET', path });
      const list = isOk(result) ? listSchema.safeParse(result.body).data : undefined;
      if (!list) return isOk(result) ? unreadable : faultOf(result);
      graphNow ??= dateOf(result);
      const found = list.value.find((each) => !each.inheritedFrom && !each.link && isFor(each, recipient, userId));
      if (found) return { type: 'found', permission: permissionOf(found), graphNow };
      path = nextPath(list['@odata.nextLink'], target);
    }
    return { type: 'found', permission: undefined, graphNow };
  };

  const readPermission = async (target: string, id: string): Promise<FoundPermission> => {
    const result = await callGraph({ method: 'GET', path: permissionPath(target, id) });
    if (result.type === 'answer' && result.status === 404) {
      return { type: 'found', permission: undefined, graphNow: dateOf(result) };
    }
    const permission = isOk(result) ? permissionSchema.safeParse(result.body).data : undefined;
    if (!permission) return isOk(result) ? unreadable : faultOf(result);
    return { type: 'found', permission: permissionOf(permission), graphNow: dateOf(result) };
  };

  /** Takes the permission back; done also where it was gone already. */
  const deletePermission = async (
    target: string,
    id: string,
    attempt: Attempt,
  ): Promise<{ type: 'removed' } | GraphFault> => {
    const result = await callGraph({
      method: 'DELETE',
      path: permissionPath(target, id),
      clientRequestId: attempt.attemptId,
      mayStillCall: attempt.mayStillCall,
    });
    const status = result.type === 'answer' ? result.status : undefined;
    return status === 204 || status === 404 ? { type: 'removed' } : faultOf(result, true);
  };

  return { share, findPermission, readPermission, deletePermission };
}

export type DriveItem = ReturnType<typeof makeDriveItem>;

/** Graph's own parameters and no other. */
function shareBody(request: DriveItemRequest): object {
  const { requireSignIn, roles, sendInvitation, message, expirationDateTime, password } = request;
  const { recipients, retainInheritedPermissions } = request;
  const optional = { message, expirationDateTime, password, retainInheritedPermissions };
  return {
    requireSignIn,
    roles,
    sendInvitation,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    recipients: recipients.map((recipient) => ({ '@odata.type': 'microsoft.graph.driveRecipient', ...recipient })),
  };
}

const permissionPath = (target: string, id: string): string => `${target}/permissions/${encodeURIComponent(id)}`;

/** Only on to the same list, whatever the link says. */
function nextPath(link: string | undefined, target: string): string | undefined {
  const query = /^https?:\/\/[^/?#]+\/[^?#]*\/permissions(\?[^#]*)$/s.exec(link ?? '')?.[1];
  return query && `${target}/permissions${query}`;
}

function isFor(permission: RawPermission, recipient: DriveRecipient, userId: string | undefined): boolean {
  const users = [permission.grantedToV2?.user, permission.grantedTo?.user].filter((user) => !!user);
  const ids = [userId, recipient.objectId].filter((id) => id !== undefined).map((id) => id.toLowerCase());
  if (users.some(({ id }) => id && ids.includes(id.toLowerCase()))) return true;
  if (recipient.email === undefined) return false;
  const address = normalFormOf(recipient.email).normalised;
  const addresses = [permission.invitation?.email, ...users.map(({ email }) => email)];
  return addresses.some((each) => each?.includes('@') && normalFormOf(each).normalised === address);
}

function permissionOf(raw: RawPermission): Permission | undefined {
  if (!raw.id) return undefined;
  return {
    id: raw.id,
    record: kept(raw),
    isUsed: [raw.grantedTo, raw.grantedToV2].some((granted) => granted?.user?.id || granted?.['siteUser']),
  };
}

const KEPT = [
  'id',
  'roles',
  'grantedTo',
  'grantedToV2',
  'grantedToIdentities',
  'hasPassword',
  'inheritedFrom',
  'invitation',
  'shareId',
  'expirationDateTime',
] as const;

/** One property takes this many characters at most: an entity is bounded, and Graph's answer is not. */
const LONGEST = 2000;

/** The sharing link is a secret and is left out; table servers do not take every line separator. */
function kept(raw: RawPermission): GraphRecord {
  const entries = KEPT.flatMap((name) => {
    const value = raw[name];
    if (value === null || value === undefined) return [];
    const json = JSON.stringify(value).replace(/[\u2028\u2029]/g, ' ');
    return json.length <= LONGEST ? [[name, JSON.parse(json) as unknown] as const] : [];
  });
  return Object.fromEntries(entries);
}

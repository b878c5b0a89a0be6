import { z } from 'zod';
import type { DriveItemRequest, DriveRecipient } from '../domain/driveItemRequest';
import type { Fault } from '../domain/invitation';
import type { CallGraph, GraphResult } from './callGraph';
import { type GraphFault, faultOf } from './faults';
import type { Attempt } from './guest';
import { dateOf, isOk, unreadable } from './graphAnswer';
import { type Permission, isOwnOf, permissionOf, permissionSchema } from './permission';

export type ReadPermission =
  { type: 'found'; permission: Permission | undefined; graphNow: string | undefined } | GraphFault;

/** `notSearched`: the item is shared with so many that nobody knows whether it is with this one. */
export type FoundPermission = ReadPermission | { type: 'notSearched' };

export type Shared =
  | { type: 'shared'; permission: Permission; throttlePercentage: number | undefined }
  /** 207: the permission is there, its mail is not. */
  | { type: 'unmailed'; permission: Permission; fault: Fault }
  /** With the HTTP status, because SharePoint refuses a guest whom it does not know yet. */
  | (GraphFault & { status?: number });

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
    if (!isOk(result)) return { ...withoutPassword(faultOf(result), request), status };
    const [entry] = listSchema.safeParse(result.body).data?.value ?? [];
    if (!entry) return unreadable;
    const permission = permissionOf(entry);
    const refusal = entry.error && withoutPassword(faultOf({ ...result, status: 400, body: entry }), request);
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
    let path = `${target}/permissions`;
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const result: GraphResult = await callGraph({ method: 'GET', path });
      const list = isOk(result) ? listSchema.safeParse(result.body).data : undefined;
      if (!list) return isOk(result) ? unreadable : faultOf(result);
      graphNow ??= dateOf(result);
      const raw = list.value.find((each) => isOwnOf(each, recipient, userId));
      const permission = raw && permissionOf(raw);
      const link = list['@odata.nextLink'];
      if (permission || (!raw && link === undefined)) return { type: 'found', permission, graphNow };
      const next = nextPath(link, target);
      // To take it for the end of the list would be to say that nothing was shared.
      if (raw || next === undefined) return unreadable;
      path = next;
    }
    return { type: 'notSearched' };
  };

  const readPermission = async (target: string, id: string): Promise<ReadPermission> => {
    const result = await callGraph({ method: 'GET', path: permissionPath(target, id) });
    if (result.type === 'answer' && result.status === 404) {
      return { type: 'found', permission: undefined, graphNow: dateOf(result) };
    }
    if (!isOk(result)) return faultOf(result);
    const raw = permissionSchema.safeParse(result.body).data;
    const permission = raw && permissionOf(raw);
    return permission ? { type: 'found', permission, graphNow: dateOf(result) } : unreadable;
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

/** A fault is stored, logged and answered, and SharePoint's words about a password may quote it. */
function withoutPassword<F extends GraphFault>(found: F, { password }: DriveItemRequest): F {
  if (password === undefined || !found.fault.message.includes(password)) return found;
  return { ...found, fault: { ...found.fault, message: 'The message of Microsoft Graph quotes the password.' } };
}

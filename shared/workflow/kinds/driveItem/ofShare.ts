import type { DriveItemRequest } from '../../../domain/driveItemRequest';
import type { GraphRecord, Invitation } from '../../../domain/invitation';
import { thingOf } from '../../../domain/request';
import type { GuestState } from '../../../graph/guest';
import type { Permission } from '../../../graph/permission';

/** Throws where the invitation is of another kind: who calls this has chosen the verbs by the kind. */
export function requestOf({ request }: Invitation): DriveItemRequest {
  if (request.kind !== 'driveItem') throw new TypeError(`A ${request.kind} invitation names no driveItem.`);
  return request;
}

/** Ids of permissions are an item's own: SharePoint gives a person the same one on other items. */
export const isSameThing = (one: Invitation, other: Invitation): boolean =>
  thingOf(one.request) === thingOf(other.request);

export const recordOf = ({ record }: Permission, guest: GuestState | undefined): GraphRecord =>
  guest ? { ...record, invitedUser: { id: guest.userId } } : record;

/** A pending guest has still to redeem, whatever the permission says; of others it tells whether they use it. */
export const isRedeemed = ({ isUsed }: Permission, guest: GuestState | undefined): boolean =>
  guest ? guest.externalUserState !== 'PendingAcceptance' : isUsed;

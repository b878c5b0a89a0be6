import type { Invitation, PersonBefore } from '../../../domain/invitation';
import { addMs } from '../../../domain/time';
import type { GraphFault } from '../../../graph/faults';
import type { GuestState } from '../../../graph/guest';
import type { LookedUp } from '../kindVerbs';
import { isNamedByAnother } from '../person';
import { isSameThing, requestOf } from './ofShare';
import type { DriveItemVerbsParts } from './parts';

type Before = (Omit<Extract<LookedUp, { type: 'ready' }>, 'type' | 'send'> & { type: 'before' }) | GraphFault;

/** What is there before a mail. `before` is absent where nothing tells whose a permission is. */
export async function permissionBefore(
  invitation: Invitation,
  guest: GuestState | undefined,
  parts: DriveItemVerbsParts,
): Promise<Before> {
  const { target, recipients } = requestOf(invitation);
  const [recipient] = recipients;
  // Made by an earlier mail, or by a try whose mail failed: a list that lags may not show it yet.
  const ours = invitation.graph?.id;
  if (ours !== undefined) return { type: 'before', before: { known: true, permissionId: ours } };
  if (recipient.email === undefined && recipient.objectId === undefined) return { type: 'before' };
  const found = await parts.driveItem.findPermission(target, recipient, guest?.userId);
  // Nothing tells; what is wrong with the item the share itself will say.
  if (found.type === 'refused' || found.type === 'notSearched') return { type: 'before' };
  if (found.type !== 'found') return found;
  const { permission, graphNow } = found;
  if (await isBeingRemoved(invitation, guest, permission !== undefined, parts)) {
    return { type: 'later', fault: REMOVAL_DUE, retryAfterMs: undefined };
  }
  const before: PersonBefore = permission
    ? { known: true, permissionId: permission.id, ...(await madeByAnother(invitation, guest, permission.id, parts)) }
    : { known: false };
  return { type: 'before', before, ...(graphNow === undefined ? {} : { graphNow }) };
}

const REMOVAL_DUE = {
  code: 'removalDue',
  message: 'The permission that is there belongs to an invitation that was revoked, and is being deleted.',
};

/**
 * What another invitation made and takes back would pass for having been there all along, or for what this one makes:
 * until it is gone from the list too, which may lag behind.
 */
async function isBeingRemoved(
  invitation: Invitation,
  guest: GuestState | undefined,
  isListed: boolean,
  parts: DriveItemVerbsParts,
): Promise<boolean> {
  return isNamedByAnother(invitation, await othersOf(invitation, guest, parts), parts.invitations, (other) => {
    const { removal } = other;
    const isFresh = removal?.status === 'removed' && addMs(removal.at, parts.policy.resolveAfterMs) > parts.now();
    return isSameThing(other, invitation) && (removal?.status === 'due' || (isListed && isFresh));
  });
}

/**
 * A permission that an earlier invitation made is ours to take back, whichever of them is the last to need it. Its id is not
 * known where the answer to that share was lost and nobody could look for it.
 */
async function madeByAnother(
  invitation: Invitation,
  guest: GuestState | undefined,
  permissionId: string,
  parts: DriveItemVerbsParts,
): Promise<{ isOurs?: true }> {
  const ids = await othersOf(invitation, guest, parts);
  const isOurs = await isNamedByAnother(invitation, ids, parts.invitations, (other) => {
    const { graph, madePermission, removal } = other;
    const isThere = (graph?.id ?? permissionId) === permissionId && removal?.status !== 'removed';
    return madePermission === true && isThere && isSameThing(other, invitation);
  });
  return isOurs ? { isOurs } : {};
}

/** The same user may have been named by id in another request: another person to us, the same to SharePoint. */
export async function othersOf(
  invitation: Invitation,
  guest: GuestState | undefined,
  { invitations, invitedUsers }: Pick<DriveItemVerbsParts, 'invitations' | 'invitedUsers'>,
): Promise<string[]> {
  const userId = guest?.userId ?? invitation.graph?.invitedUser?.id;
  const byUser = userId === undefined ? [] : await invitedUsers.invitationsOf(userId);
  return [...byUser, ...(await invitations.idsOfPerson(invitation))];
}

import { type Invitation, phaseOf } from '../../domain/invitation';
import { isMailed } from '../../domain/request';
import { addMs } from '../../domain/time';
import type { Attempt, GuestState } from '../../graph/guest';
import type { StoredInvitation } from '../../tables/invitationEntity';
import { checkFound, settledBy } from './driveItem/checkShare';
import { isRedeemed, isSameThing, recordOf, requestOf } from './driveItem/ofShare';
import type { DriveItemVerbsParts } from './driveItem/parts';
import { othersOf, permissionBefore } from './driveItem/permissionBefore';
import { share } from './driveItem/share';
import type { Checked, KindVerbs, LookedUp, Removed, Resolved } from './kindVerbs';
import { findPerson, isNamedByAnother } from './person';

/** Kind `driveItem`: a permission on a file or folder, and the mail that tells of it. */
export function makeDriveItemVerbs(parts: DriveItemVerbsParts): KindVerbs {
  const { driveItem } = parts;

  const lookUp: KindVerbs['lookUp'] = async (stored, step): Promise<LookedUp> => {
    const { invitation } = stored;
    const seen = await findPerson(invitation, parts);
    if (seen.type !== 'found') return seen;
    const { guest } = seen;
    const send = (attempt: Attempt) => share(invitation, guest, attempt, parts);
    const settled =
      step.cause === 'first'
        ? await withoutGuest(stored, guest, parts)
        : await settledBy(invitation, guest, step, parts);
    if (settled) return settled;
    // Before a re-send too: an item that somebody confirmed as shared may not have been.
    const before = await permissionBefore(invitation, guest, parts);
    return before.type === 'before' ? { ...before, type: 'ready', send } : before;
  };

  const check = async (invitation: Invitation): Promise<Checked> => {
    const seen = await findPerson(invitation, parts);
    return seen.type === 'found' ? checkFound(invitation, seen.guest, parts) : seen;
  };

  const resolve = async (invitation: Invitation): Promise<Resolved> => {
    const seen = await findPerson(invitation, parts);
    if (seen.type !== 'found') return seen;
    const { target, recipients } = requestOf(invitation);
    const found = await driveItem.findPermission(target, recipients[0], seen.guest?.userId);
    // The item may be gone by now, and would be refused for ever.
    if (found.type === 'refused' || found.type === 'notSearched') return UNCLEAR;
    if (found.type !== 'found') return found;
    if (!found.permission) return { type: 'verdict', verdict: { found: 'notSent' } };
    const graph = recordOf(found.permission, seen.guest);
    // A mail that failed leaves the same permission.
    if (isMailed(invitation.request)) return { type: 'verdict', verdict: { found: 'shared', graph } };
    return { type: 'verdict', verdict: { found: 'sent', graph, isRedeemed: isRedeemed(found.permission, seen.guest) } };
  };

  const remove: KindVerbs['remove'] = async (invitation, attempt): Promise<Removed> => {
    const made = await permissionMade(invitation, parts);
    if (made.type !== 'made') return made;
    const { permissionId } = made;
    const isNeeded = await isNamedByAnother(
      invitation,
      await othersOf(invitation, undefined, parts),
      parts.invitations,
      (other) => needsToo(other, permissionId, invitation),
    );
    return isNeeded
      ? { type: 'kept', reason: 'another invitation needs this permission' }
      : driveItem.deletePermission(requestOf(invitation).target, permissionId, attempt);
  };

  return { lookUp, check, resolve, remove };
}

/** App-only permission can’t share with somebody who is not in the directory: a guest invitation goes first. */
async function withoutGuest(
  stored: StoredInvitation,
  guest: GuestState | undefined,
  parts: DriveItemVerbsParts,
): Promise<LookedUp | undefined> {
  if (guest) return undefined;
  const { guestReadyAt } = stored.invitation;
  const [{ email, objectId }] = requestOf(stored.invitation).recipients;
  // Of an id that is nobody's Graph is asked as it stands: it goes before the address there.
  if (!parts.policy.inviteGuestsFirst || email === undefined || objectId !== undefined) return undefined;
  if (guestReadyAt === undefined) {
    const invitationId = await parts.inviteGuest(stored);
    return { type: 'settled', outcome: { type: 'waitsForGuest', invitationId } };
  }
  return addMs(guestReadyAt, parts.policy.resolveAfterMs) > parts.now()
    ? { type: 'later', fault: NOT_SHOWN_YET, retryAfterMs: undefined }
    : { type: 'settled', outcome: { type: 'guestMissing', fault: GUEST_GONE } };
}

const NOT_SHOWN_YET = { code: 'notShownYet', message: 'Microsoft Graph does not show the guest yet.' };

const GUEST_GONE = { code: 'guestMissing', message: 'The guest was invited and is not in the directory any more.' };

/** The permission to take back: its id is not known where the answer to the share was lost and nobody could look for it. */
async function permissionMade(
  invitation: Invitation,
  parts: DriveItemVerbsParts,
): Promise<{ type: 'made'; permissionId: string } | Removed> {
  const known = invitation.graph?.id;
  if (known !== undefined) return { type: 'made', permissionId: known };
  const seen = await findPerson(invitation, parts);
  // A look that failed in whatever way has removed nothing, so it is no try.
  if (seen.type === 'unknown') return { type: 'later', fault: seen.fault, retryAfterMs: undefined };
  if (seen.type !== 'found') return seen;
  const { target, recipients } = requestOf(invitation);
  const found = await parts.driveItem.findPermission(target, recipients[0], seen.guest?.userId);
  if (found.type === 'unknown') return { type: 'later', fault: found.fault, retryAfterMs: undefined };
  if (found.type === 'notSearched') return { type: 'kept', reason: 'nothing tells which permission is theirs' };
  if (found.type !== 'found') return found;
  return found.permission ? { type: 'made', permissionId: found.permission.id } : { type: 'removed' };
}

const needsToo = (other: Invitation, permissionId: string, invitation: Invitation): boolean =>
  (phaseOf(other.status) !== 'closed' || other.status === 'accepted') &&
  other.graph?.id === permissionId &&
  isSameThing(other, invitation);

const UNCLEAR: Resolved = { type: 'verdict', verdict: { found: 'unclear' } };

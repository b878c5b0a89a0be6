import type { Invitation } from '../../../domain/invitation';
import type { SendStep } from '../../../domain/nextStep';
import { isNews } from '../../../domain/redemptionOutcomes';
import type { GuestState } from '../../../graph/guest';
import type { Checked, LookedUp } from '../kindVerbs';
import { redeemedBy } from '../person';
import { isRedeemed, requestOf } from './ofShare';
import type { DriveItemVerbsParts } from './parts';

/** Whether the person has redeemed: by the guest that was found, and by whether the permission is used. */
export async function checkFound(
  invitation: Invitation,
  guest: GuestState | undefined,
  { driveItem }: Pick<DriveItemVerbsParts, 'driveItem'>,
): Promise<Checked> {
  const user = guest ? { userId: guest.userId } : {};
  if (guest?.externalUserState === 'PendingAcceptance') {
    return { type: 'notRedeemed', state: guest.externalUserState, ...user };
  }
  const id = invitation.graph?.id;
  // Somebody who has accepted once redeems nothing by a share of which nobody knows whether it was made.
  if (id === undefined && invitation.sends.length === 0) return { type: 'notRedeemed', state: null, ...user };
  if (!isNews(invitation, guest?.externalUserStateChangeDateTime)) return { type: 'notRedeemed', state: null, ...user };
  if (guest?.externalUserState === 'Accepted') return redeemedBy(guest);
  if (id === undefined) return { type: 'notRedeemed', state: null, ...user };
  const read = await driveItem.readPermission(requestOf(invitation).target, id);
  // What Graph refuses to show is no reason never to expire.
  if (read.type === 'refused') return { type: 'notRedeemed', state: null, ...user };
  if (read.type !== 'found') return read;
  if (!read.permission) return { type: 'notRedeemed', state: 'notFound', ...user };
  return isRedeemed(read.permission, guest)
    ? { type: 'redeemed', graph: read.permission.record, ...user }
    : { type: 'notRedeemed', state: null, ...user };
}

/** Why nobody is to be mailed again. Whoever took a permission away meant it: a reminder does not give it back. */
export async function settledBy(
  invitation: Invitation,
  guest: GuestState | undefined,
  step: SendStep,
  parts: DriveItemVerbsParts,
): Promise<LookedUp | undefined> {
  const checked = await checkFound(invitation, guest, parts);
  if (checked.type === 'redeemed') return { type: 'settled', outcome: checked };
  if (checked.type !== 'notRedeemed') return checked;
  const id = invitation.graph?.id;
  if (step.cause !== 'reminder' || id === undefined) return undefined;
  const read = await parts.driveItem.readPermission(requestOf(invitation).target, id);
  if (read.type === 'refused' || (read.type === 'found' && read.permission)) return undefined;
  if (read.type !== 'found') return read;
  const reminderIndex = step.reminderIndex ?? invitation.remindersDone;
  return { type: 'settled', outcome: { type: 'reminderSkipped', reminderIndex, state: 'notFound' } };
}

import { type Invitation, phaseOf } from '../../domain/invitation';
import type { Outcome } from '../../domain/outcome';
import { addressOf, userIdOf } from '../../domain/request';
import type { Found, Guest, GuestState } from '../../graph/guest';
import type { Invitations } from '../../tables/invitations';

const NOBODY: Found = { type: 'found', guest: undefined, graphNow: undefined };

/** The invited person's user: by id where we know it, because an address may have been changed since. */
export function findPerson(
  invitation: Invitation,
  { guest }: { guest: Pick<Guest, 'findById' | 'findByAddress'> },
): Promise<Found> {
  const userId = invitation.graph?.invitedUser?.id ?? userIdOf(invitation.request);
  if (userId !== undefined) return guest.findById(userId);
  const address = addressOf(invitation.request);
  return address === undefined ? Promise.resolve(NOBODY) : guest.findByAddress(address);
}

export const redeemedBy = (guest: GuestState): Extract<Outcome, { type: 'redeemed' }> => ({
  type: 'redeemed',
  userId: guest.userId,
  ...(guest.externalUserStateChangeDateTime === undefined ? {} : { changedAt: guest.externalUserStateChangeDateTime }),
});

/** Whether another invitation among these fits: unless said otherwise, one that is open or waits for somebody to decide. */
export async function isNamedByAnother(
  invitation: Invitation,
  ids: Iterable<string>,
  invitations: Pick<Invitations, 'read'>,
  fits: (other: Invitation) => boolean = isUnclosed,
): Promise<boolean> {
  for (const id of new Set(ids)) {
    const other = id === invitation.id ? undefined : await invitations.read(id);
    if (other && fits(other.invitation)) return true;
  }
  return false;
}

const isUnclosed = ({ status }: Invitation): boolean => phaseOf(status) !== 'closed';

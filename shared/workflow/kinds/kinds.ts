import type { Kind } from '../../domain/invitation';
import type { Limit } from '../../domain/request';
import type { DriveItem } from '../../graph/driveItem';
import type { Gate } from '../../graph/gate';
import type { LinkedIn } from '../../graph/linkedIn';
import type { Invitations } from '../../tables/invitations';
import { type InviteGuestParts, makeInviteGuest } from '../awaitGuest';
import { makeDriveItemVerbs } from './driveItemVerbs';
import { type GuestVerbsParts, makeGuestVerbs } from './guestVerbs';
import type { KindVerbs } from './kindVerbs';
import { makeLinkedInVerbs } from './linkedInVerbs';

export interface KindsParts
  extends Omit<GuestVerbsParts, 'invitations'>, Omit<InviteGuestParts, 'invitations' | 'gate'> {
  invitations: Invitations;
  driveItem: DriveItem;
  linkedIn: LinkedIn;
  gates: Record<Limit, Gate>;
}

/** Every kind's verbs. A new kind is one file beside these and one line here. */
export const makeKinds = (parts: KindsParts): Record<Kind, KindVerbs> => ({
  guest: makeGuestVerbs(parts),
  driveItem: makeDriveItemVerbs({
    ...parts,
    inviteGuest: makeInviteGuest({ ...parts, gate: parts.gates.invitations }),
  }),
  linkedIn: makeLinkedInVerbs(parts),
});

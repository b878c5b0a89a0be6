import type { Policy } from '../../../domain/policy';
import type { Instant } from '../../../domain/time';
import type { DriveItem } from '../../../graph/driveItem';
import type { Guest } from '../../../graph/guest';
import type { StoredInvitation } from '../../../tables/invitationEntity';
import type { Invitations } from '../../../tables/invitations';
import type { InvitedUsers } from '../../../tables/invitedUsers';

export interface DriveItemVerbsParts {
  driveItem: DriveItem;
  guest: Pick<Guest, 'findById' | 'findByAddress'>;
  invitations: Pick<Invitations, 'read' | 'idsOfPerson'>;
  invitedUsers: Pick<InvitedUsers, 'invitationsOf'>;
  /** Makes a guest invitation without mail for the share's recipient, or finds the open one, and gives its id. */
  inviteGuest: (stored: StoredInvitation) => Promise<string>;
  policy: Policy;
  now: () => Instant;
}

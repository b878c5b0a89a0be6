import type { DriveItemRequest } from '../../shared/domain/driveItemRequest';
import type { Invitation } from '../../shared/domain/invitation';
import type { LinkedInRequest } from '../../shared/domain/linkedInRequest';
import { aPendingInvitation, aQueuedInvitation, omit } from './invitations';

/* Builders of the kinds driveItem and linkedIn, around the same date as those of guests. */

export const GUEST_INVITATION = '019cadc6-9a80-7abc-8def-0123456789ab';
export const REPLACED = '019cadc6-0000-7abc-8def-01234567890b';

export const aShareRequest = (changes: Partial<DriveItemRequest> = {}): DriveItemRequest => ({
  kind: 'driveItem',
  target: '/drives/b!drive/items/01ITEM',
  requireSignIn: true,
  roles: ['read'],
  sendInvitation: true,
  recipients: [{ email: 'ada@fabrikam.example' }],
  inviteRedirectUrl: 'https://myapp.contoso.example',
  reminders: { after: ['P3D', 'P7D'], timeZone: 'UTC' },
  expireAfter: 'P30D',
  ...changes,
});

export const aLinkedInRequest = (changes: Partial<LinkedInRequest> = {}): LinkedInRequest => ({
  kind: 'linkedIn',
  created: '7',
  lastModified: '12',
  inviter: 'Inviter value',
  invitee: 'Invitee value',
  message: { invitationTemplateID: 'Invitation Template ID value', invitationMessage: { body: 'Body value' } },
  trackingId: 'Tracking Id value',
  reminders: { after: [], timeZone: 'UTC' },
  expireAfter: 'P30D',
  ...changes,
});

/** A share that is queued, with nothing mailed yet. */
export const aQueuedShare = (changes: Partial<Invitation> = {}): Invitation =>
  aQueuedInvitation({ kind: 'driveItem', request: aShareRequest(), ...changes });

/** A share that waits for its guest to be invited. */
export const aWaitingShare = (changes: Partial<Invitation> = {}): Invitation =>
  aQueuedShare({ status: 'scheduled', waitsFor: GUEST_INVITATION, ...changes });

/** Mailed once, not redeemed yet; the permission is known to be ours. */
export const aPendingShare = (changes: Partial<Invitation> = {}): Invitation => ({
  ...omit(aPendingInvitation(), 'guestCreatedAfter'),
  kind: 'driveItem',
  request: aShareRequest(),
  graph: { id: 'permission-1', roles: ['read'], invitedUser: { id: 'user-1' } },
  madePermission: true,
  ...changes,
});

export const aQueuedLinkedIn = (changes: Partial<Invitation> = {}): Invitation =>
  aQueuedInvitation({ kind: 'linkedIn', request: aLinkedInRequest(), ...changes });

/** Added, and to end by expiry alone. */
export const aPendingLinkedIn = (changes: Partial<Invitation> = {}): Invitation => ({
  ...omit(aPendingInvitation(), 'guestCreatedAfter', 'nextCheckAt'),
  kind: 'linkedIn',
  request: aLinkedInRequest(),
  graph: { id: 'linkedIn-1' },
  ...changes,
});

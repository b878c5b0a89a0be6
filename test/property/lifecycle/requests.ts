import type { DriveItemRequest } from '../../../shared/domain/driveItemRequest';
import type { LinkedInRequest } from '../../../shared/domain/linkedInRequest';
import type { InvitationRequest, Kind } from '../../../shared/domain/request';
import { aRequest } from '../../support/invitations';

/** Short times, so that a sequence of commands sees the whole way. */
const TIMES = { reminders: { after: ['P1D', 'P2D'], timeZone: 'UTC' }, expireAfter: 'P4D' };

export const GROUP = '22222222-2222-4222-8222-222222222222';

export const GUEST = aRequest({ ...TIMES, groups: [GROUP] });

/** For the guest invitation that a share with a stranger makes. */
export const GUEST_FIRST = aRequest({
  sendInvitationMessage: false,
  reminders: { after: [], timeZone: 'UTC' },
  expireAfter: 'P4D',
});

const SHARE: DriveItemRequest = {
  kind: 'driveItem',
  target: '/drives/b!x/items/01ABC',
  requireSignIn: true,
  roles: ['read'],
  sendInvitation: true,
  recipients: [{ email: 'ada@fabrikam.example' }],
  inviteRedirectUrl: 'https://myapp.contoso.example',
  ...TIMES,
};

const LINKED_IN: LinkedInRequest = {
  kind: 'linkedIn',
  created: '1614556800000',
  lastModified: '1614556800000',
  inviter: 'urn:li:person:1',
  invitee: 'urn:li:person:2',
  message: {},
  trackingId: 'first',
  reminders: { after: [], timeZone: 'UTC' },
  expireAfter: 'P4D',
};

/** All for one person, so that they meet. */
export const REQUESTS: Record<Kind, InvitationRequest> = { guest: GUEST, driveItem: SHARE, linkedIn: LINKED_IN };

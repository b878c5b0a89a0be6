import type { GuestRequest } from '../domain/guestRequest';

/**
 * What POST /invitations is sent: Graph's own properties and no other, in the dialect of the request's graphVersion. A
 * reset and sponsors belong to the first send alone; a re-send is the same invitation without them.
 */
export function invitationBody(request: GuestRequest, isFirst: boolean): object {
  const { invitedUserEmailAddress, inviteRedirectUrl, invitedUserDisplayName, invitedUserType } = request;
  const { sendInvitationMessage, invitedUserMessageInfo, invitedUserSponsors, invitedUser } = request;
  const isBeta = request.graphVersion === 'beta';
  return {
    ...(isBeta ? { '@odata.type': '#Microsoft.AADInviteMgr.invitation' } : {}),
    invitedUserEmailAddress,
    inviteRedirectUrl,
    sendInvitationMessage,
    ...(invitedUserDisplayName === undefined ? {} : { invitedUserDisplayName }),
    ...(invitedUserType === 'Guest' ? {} : { invitedUserType }),
    ...(invitedUserMessageInfo && isBeta ? { InvitedUserMessageInfo: betaMessageInfo(invitedUserMessageInfo) } : {}),
    ...(invitedUserMessageInfo && !isBeta ? { invitedUserMessageInfo } : {}),
    ...(invitedUserSponsors && isFirst ? { invitedUserSponsors } : {}),
    ...(request.resetRedemption && isFirst && invitedUser ? { resetRedemption: true, invitedUser } : {}),
  };
}

/** With the annotations that the beta page's example carries. */
function betaMessageInfo({ ccRecipients, ...info }: NonNullable<GuestRequest['invitedUserMessageInfo']>): object {
  return {
    '@odata.type': 'Microsoft.AADInviteMgr.invitedUserMessageInfo',
    ...(ccRecipients
      ? {
          ccRecipients: ccRecipients.map(({ emailAddress }) => ({
            '@odata.type': 'Microsoft.AADInviteMgr.recipient',
            emailAddress: { '@odata.type': 'Microsoft.AADInviteMgr.emailAddress', ...emailAddress },
          })),
        }
      : {}),
    ...info,
  };
}

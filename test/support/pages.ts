/**
 * The example of Graph's beta page "Create invitation" (namespace Microsoft.AADInviteMgr). Its placeholders are replaced where
 * a real value is needed: the type, the addresses and the language; and resetRedemption, which the page sets without the
 * id that Graph demands for it.
 */
export const BETA_PAGE = {
  '@odata.type': '#Microsoft.AADInviteMgr.invitation',
  invitedUserDisplayName: 'Invited User Display Name value',
  invitedUserType: 'Guest',
  invitedUserEmailAddress: 'beta@fabrikam.com',
  InvitedUserMessageInfo: {
    '@odata.type': 'Microsoft.AADInviteMgr.invitedUserMessageInfo',
    ccRecipients: [
      {
        '@odata.type': 'Microsoft.AADInviteMgr.recipient',
        emailAddress: {
          '@odata.type': 'Microsoft.AADInviteMgr.emailAddress',
          name: 'Name value',
          address: 'boss@fabrikam.com',
        },
      },
    ],
    messageLanguage: 'en-US',
    customizedMessageBody: 'Customized Message Body value',
  },
  sendInvitationMessage: true,
  inviteRedirectUrl: 'https://example.com/inviteRedirectUrl/',
  inviteRedeemUrl: 'https://example.com/inviteRedeemUrl/',
  status: 'Status value',
  resetRedemption: false,
};

/**
 * The example of Graph's page "invite" (POST https://graph.microsoft.com/v1.0/me/drive/root/invite). Its placeholders are
 * replaced where a real value is needed: the role, the object's id and the date.
 */
export const INVITE_PAGE = {
  target: '/me/drive/root/invite',
  body: {
    requireSignIn: true,
    roles: ['read'],
    sendInvitation: true,
    message: 'Message value',
    recipients: [
      {
        '@odata.type': 'microsoft.graph.driveRecipient',
        alias: 'Alias value',
        objectId: '00000000-0000-0000-0000-000000000000',
      },
    ],
    expirationDateTime: '2036-12-31T23:59:41.379Z',
    password: 'Password value',
  },
};

/** The example of Graph's page "Add invitations" (POST https://graph.microsoft.com/beta/linkedIn/invitations), as it stands. */
export const ADD_INVITATIONS_PAGE = {
  '@odata.type': '#microsoft.graph.InvitationV2',
  created: 7,
  lastModified: 12,
  inviter: 'Inviter value',
  invitee: 'Invitee value',
  message: {
    '@odata.type': 'microsoft.graph.InvitationV2Message',
    invitationTemplateID: 'Invitation Template ID value',
    invitationMessage: {
      '@odata.type': 'microsoft.graph.InvitationMessage',
      body: 'Body value',
    },
  },
  trackingId: 'Tracking Id value',
};

/**
 * The example of Graph's page "Update invitations" (PATCH https://graph.microsoft.com/v1.0/linkedIn/invitations), with
 * numbers in the place of the two "Integer".
 */
export const UPDATE_INVITATIONS_PAGE = {
  '@odata.type': '#microsoft.graph.InvitationV2',
  created: 8,
  lastModified: 13,
  inviter: 'String',
  invitee: 'String',
  message: {
    '@odata.type': 'microsoft.graph.InvitationV2Message',
  },
  trackingId: 'String',
};

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

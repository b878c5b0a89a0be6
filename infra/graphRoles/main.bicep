// Grants the app's identity the app roles of Microsoft Graph that it needs, and no more. Opt-in and by itself, because
// whoever deploys it has to be Privileged Role Administrator (or Global Administrator); grant.sh does the same with az.
extension microsoftGraphV1

@description('Object id of the app\'s identity: the output IDENTITY_PRINCIPAL_ID of the deployment.')
param principalId string

@description('Guests are removed (ON_REVOKE or ON_EXPIRY is removeGuest) or redemptions reset.')
param changesGuests bool = false

@description('Requests name groups that guests are put into.')
param joinsGroups bool = false

@description('Items of SharePoint or OneDrive are shared. Each site has to be granted as well, see docs/deploy.md.')
param sharesItems bool = false

var roles = concat(
  ['User.Invite.All', changesGuests ? 'User.ReadWrite.All' : 'User.Read.All'],
  joinsGroups ? ['GroupMember.ReadWrite.All'] : [],
  sharesItems ? ['Sites.Selected'] : []
)

resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

resource grants 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for role in roles: {
    appRoleId: filter(graph.appRoles, appRole => appRole.value == role)[0].id
    principalId: principalId
    resourceId: graph.id
  }
]

@description('The app roles that are granted.')
output granted array = roles

// The one identity of the app: for storage, Service Bus, Key Vault, Application Insights and Microsoft Graph.

@description('Name of the user-assigned managed identity.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Name of the identity.')
output name string = identity.name

@description('Object id of the identity, for role assignments.')
output principalId string = identity.properties.principalId

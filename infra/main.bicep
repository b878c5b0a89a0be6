// Everything the invitation workflow needs in one subscription, for `azd up`. docs/deploy.md says how to use it.
targetScope = 'subscription'

import { AppSettings } from 'settings.bicep'

@description('Name of the environment: part of every name and tag.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of all resources; one that offers Flex Consumption.')
@minLength(1)
@metadata({ azd: { type: 'location' } })
param location string

@description('Tags of all resources, beside azd-env-name.')
param tags object = {}

@description('Settings of the app that differ from their defaults; settings.bicep says what each does.')
param settings AppSettings = {}

@description('Names of app settings whose values are secrets in the Key Vault, such as the signing secrets of webhook sources: MY_SECRET refers to the secret MY-SECRET.')
param secretSettings string[] = []

@description('Version of Node.js.')
@allowed(['22', '24'])
param nodeVersion string = '24'

@description('Memory of one instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances at one time. A few carry Graph\'s limit; more are for bursts of requests.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that are always ready for HTTP, so that no caller waits for a cold start.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttpInstances int = 0

@description('Replication of the storage account. Standard_ZRS survives the loss of a zone where the region has zones.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Who is mailed when an alert fires. Without anybody the alerts are there all the same, and do nothing.')
param alertEmails string[] = []

@description('How long the timer may be silent before an alert fires: at least WAKE_SCHEDULE twice, and five minutes for the logs to arrive.')
@allowed(['PT10M', 'PT15M', 'PT30M', 'PT1H', 'PT2H', 'PT3H'])
param alertOnTimerSilence string = 'PT10M'

@description('Whether each read, write and delete of a table is logged. Costs as much as the app writes.')
param tableLogsEnabled bool = false

@description('Whether storage, Service Bus and Key Vault can be reached from a virtual network only. Makes Service Bus Premium.')
param vnetEnabled bool = false

@description('Address space of the virtual network: at least a /24.')
param vnetAddressPrefix string = '10.77.0.0/24'

@description('Messaging units of Service Bus Premium.')
@allowed([1, 2, 4, 8, 16])
param serviceBusCapacity int = 1

@secure()
@description('HASH_KEY, should the vault have none yet. Made anew at each deployment, and used at the first alone.')
param newHashKey string = '${newGuid()}${newGuid()}'

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var allTags = union(tags, { 'azd-env-name': environmentName })
var vnetName = '${abbreviations.virtualNetwork}${token}'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.managedIdentity}${token}'
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: '${abbreviations.logAnalyticsWorkspace}${token}'
    applicationInsightsName: '${abbreviations.applicationInsights}${token}'
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    principalId: identity.outputs.principalId
  }
}

module network 'modules/network.bicep' = if (vnetEnabled) {
  scope: group
  params: {
    name: vnetName
    natGatewayName: '${abbreviations.natGateway}${token}'
    publicIpAddressName: '${abbreviations.publicIpAddress}${token}'
    addressPrefix: vnetAddressPrefix
    location: location
    tags: allTags
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.storageAccount}${token}'
    location: location
    tags: allTags
    sku: storageSku
    publicNetworkAccess: vnetEnabled ? 'Disabled' : 'Enabled'
    tableLogsEnabled: tableLogsEnabled
    workspaceId: monitoring.outputs.workspaceId
    principalId: identity.outputs.principalId
  }
}

module serviceBus 'modules/serviceBus.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.serviceBusNamespace}${token}'
    location: location
    tags: allTags
    sku: vnetEnabled ? 'Premium' : 'Standard'
    capacity: serviceBusCapacity
    publicNetworkAccess: vnetEnabled ? 'Disabled' : 'Enabled'
    workspaceId: monitoring.outputs.workspaceId
    principalId: identity.outputs.principalId
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    namePrefix: 'invitations-${environmentName}-'
    actionGroupName: '${abbreviations.actionGroup}${token}'
    location: location
    tags: allTags
    emails: alertEmails
    timerSilence: alertOnTimerSilence
    workspaceId: monitoring.outputs.workspaceId
    serviceBusNamespaceId: serviceBus.outputs.id
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    displayName: 'Invitations (${environmentName})'
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
  }
}

module keyVault 'modules/keyVault.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.keyVault}${token}'
    location: location
    tags: allTags
    publicNetworkAccess: vnetEnabled ? 'Disabled' : 'Enabled'
    workspaceId: monitoring.outputs.workspaceId
    principalId: identity.outputs.principalId
    newHashKey: newHashKey
  }
}

module privateEndpoints 'modules/privateEndpoints.bicep' = if (vnetEnabled) {
  scope: group
  params: {
    namePrefix: '${abbreviations.privateEndpoint}${token}'
    location: location
    tags: allTags
    vnetId: network!.outputs.id
    subnetId: network!.outputs.endpointsSubnetId
    storageAccountId: storage.outputs.id
    serviceBusNamespaceId: serviceBus.outputs.id
    keyVaultId: keyVault.outputs.id
  }
}

module functionApp 'modules/functionApp.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.functionApp}${token}'
    planName: '${abbreviations.plan}${token}'
    location: location
    tags: allTags
    settings: settings
    secretSettings: secretSettings
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttpInstances: alwaysReadyHttpInstances
    identityName: identity.outputs.name
    storageAccountName: storage.outputs.name
    deploymentContainerName: storage.outputs.deploymentContainerName
    serviceBusNamespaceName: serviceBus.outputs.name
    keyVaultName: keyVault.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    workspaceId: monitoring.outputs.workspaceId
    subnetId: vnetEnabled ? network!.outputs.appSubnetId : null
  }
  // The app resolves its Key Vault references when it starts, so the way to the vault must be there.
  dependsOn: [privateEndpoints]
}

@description('Address of the API.')
output API_URL string = functionApp.outputs.url

@description('Name of the function app.')
output FUNCTION_APP_NAME string = functionApp.outputs.name

@description('Name of the Key Vault that holds HASH_KEY and the secrets of webhook sources.')
output KEY_VAULT_NAME string = keyVault.outputs.name

@description('Object id of the app\'s identity: Graph\'s app roles are granted to it.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Name of the resource group.')
output AZURE_RESOURCE_GROUP string = group.name

// The function app on Flex Consumption: our package as it is, one identity, and every setting of the app.
import { AppSettings, defaults } from '../settings.bicep'

@description('Name of the function app.')
param name string

@description('Name of the plan.')
param planName string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Settings of the app that differ from their defaults.')
param settings AppSettings

@description('Names of app settings whose values are secrets in the Key Vault.')
param secretSettings string[]

@description('Version of Node.js.')
param nodeVersion string

@description('Memory of one instance, in MB.')
param instanceMemoryMB int

@description('The most instances at one time.')
param maximumInstanceCount int

@description('Instances that are always ready for HTTP.')
param alwaysReadyHttpInstances int

@description('Name of the user-assigned managed identity.')
param identityName string

@description('Name of the storage account.')
param storageAccountName string

@description('Name of the container that deployed packages lie in.')
param deploymentContainerName string

@description('Name of the Service Bus namespace.')
param serviceBusNamespaceName string

@description('Name of the Key Vault.')
param keyVaultName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Resource id of the subnet that the app\'s traffic leaves through; none without a virtual network.')
param subnetId string?

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: storageAccountName
}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: serviceBusNamespaceName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: keyVaultName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

var clientId = identity.properties.clientId

// Settings that follow from a resource (the endpoint is https://NAMESPACE.servicebus.windows.net:443/). Those that no code of ours reads are the host's and the telemetry's.
var resourceSettings = {
  AZURE_CLIENT_ID: clientId
  AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: clientId
  TablesConnection__tableServiceUri: storage.properties.primaryEndpoints.table
  ServiceBusConnection__fullyQualifiedNamespace: split(split(serviceBus.properties.serviceBusEndpoint, '/')[2], ':')[0]
  ServiceBusConnection__credential: 'managedidentity'
  ServiceBusConnection__clientId: clientId
  HASH_KEY: '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/HASH-KEY)'
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
}

// Defaults that follow from the cloud, for settings.bicep knows constants only.
var cloudDefaults = {
  AUTH_AUTHORITY: environment().authentication.loginEndpoint
  AUTH_TENANT_ID: tenant().tenantId
}

var queueSettings = toObject(loadJsonContent('../queues.json'), queue => queue.setting, queue => queue.name)

// A secret's name takes no underscore, a setting's no hyphen.
var secretReferences = toObject(
  secretSettings,
  setting => setting,
  setting => '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/${replace(setting, '_', '-')})'
)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: subnetId
    siteConfig: {
      http20Enabled: true
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyHttpInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyHttpInstances }]
      }
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'appsettings'
  properties: union(defaults, cloudDefaults, settings, secretReferences, queueSettings, resourceSettings)
}

resource noPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = [
  for way in ['ftp', 'scm']: {
    parent: site
    name: way
    properties: { allow: false }
  }
]

// Logs go through Application Insights; here only what the platform measures.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: site
  name: 'toLogAnalytics'
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Name of the function app.')
output name string = site.name

@description('Address of the API.')
output url string = 'https://${site.properties.defaultHostName}/api'

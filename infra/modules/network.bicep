// The virtual network: a subnet that the app's traffic leaves through, and one for the private endpoints.

@description('Name of the virtual network.')
param name string

@description('Name of the NAT gateway.')
param natGatewayName string

@description('Name of the public IP address of the NAT gateway.')
param publicIpAddressName string

@description('Address space: at least a /24.')
param addressPrefix string

@description('Region.')
param location string

@description('Tags.')
param tags object

resource publicIpAddress 'Microsoft.Network/publicIPAddresses@2025-05-01' = {
  name: publicIpAddressName
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

// Microsoft Graph is on the internet: new virtual networks have no way there of their own.
resource natGateway 'Microsoft.Network/natGateways@2025-05-01' = {
  name: natGatewayName
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: publicIpAddress.id }] }
}

resource vnet 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          defaultOutboundAccess: false
          natGateway: { id: natGateway.id }
          // What Flex Consumption asks for, unlike other plans.
          delegations: [{ name: 'flexConsumption', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          defaultOutboundAccess: false
        }
      }
    ]
  }
}

resource appSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' existing = {
  parent: vnet
  name: 'app'
}

resource endpointsSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' existing = {
  parent: vnet
  name: 'endpoints'
}

@description('Resource id of the virtual network.')
output id string = vnet.id

@description('Resource id of the subnet of the app.')
output appSubnetId string = appSubnet.id

@description('Resource id of the subnet of the private endpoints.')
output endpointsSubnetId string = endpointsSubnet.id

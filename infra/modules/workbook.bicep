// The workbook "Invitations": workbooks/invitations.json, with the queries of kql/ put where it names them.

@description('What the workbook is called.')
param displayName string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

var content = loadJsonContent('../workbooks/invitations.json')

var queries = {
  'consentLost.kql': loadTextContent('../kql/consentLost.kql')
  'deadLettered.kql': loadTextContent('../kql/deadLettered.kql')
  'errorRate.kql': loadTextContent('../kql/errorRate.kql')
  'failures.kql': loadTextContent('../kql/failures.kql')
  'funnel.kql': loadTextContent('../kql/funnel.kql')
  'mappingFailed.kql': loadTextContent('../kql/mappingFailed.kql')
  'needsReview.kql': loadTextContent('../kql/needsReview.kql')
  'overdue.kql': loadTextContent('../kql/overdue.kql')
  'pace.kql': loadTextContent('../kql/pace.kql')
  'throttles.kql': loadTextContent('../kql/throttles.kql')
  'timerRuns.kql': loadTextContent('../kql/timerRuns.kql')
  'troubles.kql': loadTextContent('../kql/troubles.kql')
  'webhookGivenUp.kql': loadTextContent('../kql/webhookGivenUp.kql')
  'waiting.kql': loadTextContent('../kql/waiting.kql')
}

// An item of type 3 is a query. The items differ in their properties, so their types are left out of it.
var items = map(
  any(content.items),
  item => (item.type == 3 ? union(item, { content: { query: queries[item.content.query] } }) : item)
)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // The name of a workbook is a GUID.
  name: guid(workspaceId, 'invitations')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: displayName
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: string(union(any(content), { items: items, fallbackResourceIds: [workspaceId] }))
  }
}

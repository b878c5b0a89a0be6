// What somebody has to look at, and how loudly it says so. docs/operations.md has a section for each alert, by its name.
//
// Severity 1: invitations don't go out or callers are refused, now. Severity 2: nothing is lost, somebody decides within a day.
// Each rule is evaluated every five minutes. There are two kinds of it:
// - what holds for a time (mute is null) resolves by itself once it has not held for three evaluations;
// - what happened once and waits for a person (mute) never resolves by itself, for that would be untrue. It mails at most
//   once an hour, and the window is as long as the mute: shorter, and what happens in the meantime would be told by no mail.
// https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule

@description('What the names of the alerts begin with.')
param namePrefix string

@description('Name of the action group.')
param actionGroupName string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Who is mailed. Where it is nobody, the alerts are there and do nothing.')
param emails string[]

@description('How long the timer may be silent, as an ISO 8601 duration that Azure Monitor knows.')
param timerSilence string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Resource id of the Service Bus namespace.')
param serviceBusNamespaceId string

var queues = loadJsonContent('../queues.json')

var rules = [
  {
    name: 'consentLost'
    description: 'Microsoft Graph refuses the app (401 or 403): no invitation goes out. All of them wait, nothing is lost.'
    severity: 1
    query: loadTextContent('../kql/consentLost.kql')
    aggregation: 'Count'
    column: null
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    mute: null
  }
  {
    name: 'overdue'
    description: 'A send, reminder or check of an invitation was due more than 15 minutes ago and is not done.'
    severity: 1
    query: loadTextContent('../kql/overdue.kql')
    aggregation: 'Maximum'
    column: 'oldestOverdueSeconds'
    operator: 'GreaterThan'
    threshold: 900
    window: 'PT15M'
    mute: null
  }
  {
    // The query has one row however silent it is: with none, there would be nothing to compare.
    name: 'noTimerRun'
    description: 'The timer that wakes invitations has not run through: the app is down, can\'t start or can\'t read its tables.'
    severity: 1
    query: loadTextContent('../kql/timerRuns.kql')
    aggregation: 'Total'
    column: 'runs'
    operator: 'LessThan'
    threshold: 1
    window: timerSilence
    mute: null
  }
  {
    name: 'errorRate'
    description: 'More than 5 % of a function\'s runs failed in a quarter of an hour, and at least five.'
    severity: 1
    query: loadTextContent('../kql/errorRate.kql')
    aggregation: 'Maximum'
    column: 'percent'
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT15M'
    mute: null
  }
  {
    name: 'needsReview'
    description: 'Whether a mail went out is not known, and Graph can\'t tell: a person decides.'
    severity: 2
    query: loadTextContent('../kql/needsReview.kql')
    aggregation: 'Count'
    column: null
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT1H'
    mute: 'PT1H'
  }
  {
    name: 'deadLettered'
    description: 'A message ended its worker ten times. What it was about is pushed back or kept.'
    severity: 2
    query: loadTextContent('../kql/deadLettered.kql')
    aggregation: 'Count'
    column: null
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT1H'
    mute: 'PT1H'
  }
  {
    name: 'mappingFailed'
    description: 'Nothing could be made of a webhook event: it is kept until somebody mends the mapping.'
    severity: 2
    query: loadTextContent('../kql/mappingFailed.kql')
    aggregation: 'Count'
    column: null
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT1H'
    mute: 'PT1H'
  }
  {
    name: 'webhookGivenUp'
    description: 'A webhook event is kept, not for its mapping: what it needs was away for a day, its source is not described any more, or it ended its worker ten times.'
    severity: 2
    query: loadTextContent('../kql/webhookGivenUp.kql')
    aggregation: 'Count'
    column: null
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT1H'
    mute: 'PT1H'
  }
]

var actionGroupIds = empty(emails) ? [] : [actionGroup.id]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'invitations'
    emailReceivers: [
      for email in emails: {
        name: email
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${namePrefix}${rule.name}'
    location: location
    tags: tags
    properties: {
      description: '${rule.description} What to do: docs/operations.md, "${rule.name}".'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: rule.aggregation
            metricMeasureColumn: rule.column
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: rule.mute == null
      muteActionsDuration: rule.mute
      // A new workspace has no such tables before the first telemetry; the tests have parsed the queries.
      skipQueryValidation: true
      actions: { actionGroups: actionGroupIds }
    }
  }
]

// deadLettered tells of the dead letters that the app took from their queue; this, of those that nobody takes.
resource deadLettersLeft 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${namePrefix}deadLettersLeft'
  location: 'global'
  tags: tags
  properties: {
    description: 'Dead letters have been lying in a queue for 15 minutes. What to do: docs/operations.md, "deadLettersLeft".'
    severity: 2
    enabled: true
    scopes: [serviceBusNamespaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'deadLetters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          dimensions: [{ name: 'EntityName', operator: 'Include', values: map(queues, queue => queue.name) }]
          timeAggregation: 'Minimum'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    autoMitigate: true
    actions: map(actionGroupIds, id => { actionGroupId: id })
  }
}

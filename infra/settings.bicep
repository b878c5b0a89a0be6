// The app's settings: each with what it does and its default, which is the default of shared/settings.ts. A test holds
// the two together. What follows from a resource or from the cloud (connections, HASH_KEY, queue names, the tenant) is
// set in modules/functionApp.bicep.
//
// To add a setting: describe it in AppSettings, give its default in defaults.

type AuthenticationMode = 'keys' | 'entra'
type GuestRemoval = 'keep' | 'removeGuest'
type AmbiguousSends = 'reconcile' | 'strict'
type GraphPermissions = 'application' | 'delegated'
type Flag = 'true' | 'false'
type Switch = 'off' | 'on'
type Telemetry = 'off' | 'otlp' | 'azureMonitor'

@export()
@sealed()
@description('Settings that differ from their defaults. Names are the app\'s own, all values are text.')
type AppSettings = {
  @description('Who may call: whoever has a function key, or whoever brings an access token of Entra with a role.')
  AUTH: AuthenticationMode?
  @description('With AUTH entra: the tenant whose tokens count; by default the tenant of the subscription.')
  AUTH_TENANT_ID: string?
  @description('With AUTH entra: client id of the API\'s registration, and after a comma its Application ID URI unless it is api://{client id}.')
  AUTH_AUDIENCE: string?
  @description('With AUTH entra: who gives out tokens; by default the one of this cloud.')
  AUTH_AUTHORITY: string?

  @description('The webhook sources: JSON, or the path of a JSON file that is deployed with the app.')
  SOURCES: string?

  @description('Base URL of Microsoft Graph; another one in a national cloud.')
  GRAPH_BASE_URL: string?
  @description('The longest a call to Graph may take, as an ISO 8601 duration.')
  GRAPH_CALL_TIMEOUT: string?
  @description('The most invitations a second that are ever asked of Graph, or auto; the tenant\'s limit is 30, shared by all apps.')
  GRAPH_INVITATIONS_PER_SECOND: string?
  @description('How much of the invitations limit Graph takes at once after a pause, as an ISO 8601 duration of it.')
  GRAPH_INVITATIONS_BURST: string?

  @description('Where people land when a request names no inviteRedirectUrl.')
  INVITE_REDIRECT_URL: string?
  @description('Origins, separated by commas, that an inviteRedirectUrl may have; any where empty.')
  ALLOWED_REDIRECT_ORIGINS: string?
  @description('Domains, separated by commas, that may be invited; *.example.com stands for every subdomain; any where empty.')
  ALLOWED_EMAIL_DOMAINS: string?
  @description('Domains, separated by commas, that may not be invited, whatever ALLOWED_EMAIL_DOMAINS says.')
  BLOCKED_EMAIL_DOMAINS: string?
  @description('Whether Graph mails when a request does not say.')
  SEND_INVITATION_MESSAGE: Flag?

  @description('Reminders, as ISO 8601 durations from the first mail, separated by commas, ten at most.')
  REMIND_AFTER: string?
  @description('Ends what was not redeemed, as an ISO 8601 duration from the first mail.')
  EXPIRE_AFTER: string?
  @description('How often a pending person is looked up between reminders, as an ISO 8601 duration.')
  CHECK_REDEMPTION_EVERY: string?
  @description('How long after expiry a late redemption is still noticed, as an ISO 8601 duration.')
  CHECK_EXPIRED_FOR: string?
  @description('Whether the guest is removed when an invitation expires; needs User.ReadWrite.All.')
  ON_EXPIRY: GuestRemoval?
  @description('Whether the guest is removed when an invitation is revoked; needs User.ReadWrite.All.')
  ON_REVOKE: GuestRemoval?

  @description('After an unknown answer, when Graph does not show the person: send again, or wait for a person\'s decision.')
  AMBIGUOUS_SENDS: AmbiguousSends?
  @description('How long the directory may take before an unknown answer is looked into, as an ISO 8601 duration.')
  RESOLVE_AFTER: string?
  @description('How long an intent belongs to its worker, as an ISO 8601 duration; at least three times GRAPH_CALL_TIMEOUT.')
  SEND_LEASE: string?
  @description('Unknown answers that turned out as not sent, after which an invitation fails.')
  MAX_SEND_ATTEMPTS: string?
  @description('When wake-ups are looked at, as NCRONTAB: every n seconds or minutes.')
  WAKE_SCHEDULE: string?

  @description('Invitations a day (UTC) that one caller may make; 0 is any number.')
  QUOTA_PER_CALLER: string?
  @description('Invitations a day (UTC) that may be made for one person; 0 is any number.')
  QUOTA_PER_RECIPIENT: string?

  @description('Domains whose people are invited after approval only, separated by commas.')
  APPROVAL_REQUIRED_DOMAINS: string?
  @description('How long somebody may take to approve, as an ISO 8601 duration.')
  APPROVAL_EXPIRES_AFTER: string?
  @description('Days after closing for which addresses and names are kept.')
  RETAIN_DAYS: string?

  @description('Hosts, separated by commas, that events may be posted to; *.example.com stands for every subdomain; any where empty.')
  ALLOWED_EVENT_HOSTS: string?

  @description('How the app calls Graph: application is for Azure, delegated for a signed-in user on one machine.')
  GRAPH_PERMISSIONS: GraphPermissions?
  @description('Whether a share with a stranger makes a guest invitation first.')
  INVITE_GUESTS_FIRST: Flag?
  @description('The most shares a second that are asked of Graph.')
  GRAPH_SHARES_PER_SECOND: string?
  @description('The most shares an hour that are mailed.')
  GRAPH_SHARING_MAILS_PER_HOUR: string?
  @description('Whether invitations of kind linkedIn are let in; Microsoft publishes no such API today.')
  LINKEDIN_INVITATIONS: Switch?
  @description('Version and path of Graph that a LinkedIn invitation is posted to.')
  LINKEDIN_ADD: string?
  @description('Version and path of Graph that a change of a LinkedIn invitation is sent to.')
  LINKEDIN_UPDATE: string?
  @description('The most LinkedIn calls a second.')
  GRAPH_LINKEDIN_PER_SECOND: string?

  @description('When what changed among the guests is read from Graph, as NCRONTAB.')
  SYNC_SCHEDULE: string?
  @description('When the guests that Graph calls pending are compared with the open invitations, as NCRONTAB.')
  COMPARE_SCHEDULE: string?
  @description('When idempotency keys older than seven days are deleted, as NCRONTAB.')
  CLEAN_UP_SCHEDULE: string?

  @description('Where traces and figures go: nowhere, to a collector by OTLP (OTEL_EXPORTER_OTLP_ENDPOINT), or to Application Insights.')
  TELEMETRY: Telemetry?

  @description('Partitions of the table Invitations, 256 at most; can\'t be changed after the first start.')
  PARTITIONS: string?
}

@export()
var defaults = {
  AUTH: 'keys'
  AUTH_AUDIENCE: ''
  SOURCES: ''

  GRAPH_BASE_URL: 'https://graph.microsoft.com'
  GRAPH_CALL_TIMEOUT: 'PT30S'
  GRAPH_INVITATIONS_PER_SECOND: '25'
  GRAPH_INVITATIONS_BURST: 'PT5S'

  INVITE_REDIRECT_URL: ''
  ALLOWED_REDIRECT_ORIGINS: ''
  ALLOWED_EMAIL_DOMAINS: ''
  BLOCKED_EMAIL_DOMAINS: ''
  SEND_INVITATION_MESSAGE: 'true'

  REMIND_AFTER: 'P3D,P7D'
  EXPIRE_AFTER: 'P30D'
  CHECK_REDEMPTION_EVERY: 'P1D'
  CHECK_EXPIRED_FOR: 'P30D'
  ON_EXPIRY: 'keep'
  ON_REVOKE: 'keep'

  AMBIGUOUS_SENDS: 'reconcile'
  RESOLVE_AFTER: 'PT10M'
  SEND_LEASE: 'PT2M'
  MAX_SEND_ATTEMPTS: '8'
  WAKE_SCHEDULE: '0 * * * * *'

  QUOTA_PER_CALLER: '5000'
  QUOTA_PER_RECIPIENT: '5'

  APPROVAL_REQUIRED_DOMAINS: ''
  APPROVAL_EXPIRES_AFTER: 'P14D'
  RETAIN_DAYS: '365'

  ALLOWED_EVENT_HOSTS: ''

  GRAPH_PERMISSIONS: 'application'
  INVITE_GUESTS_FIRST: 'true'
  GRAPH_SHARES_PER_SECOND: '1'
  GRAPH_SHARING_MAILS_PER_HOUR: '200'
  LINKEDIN_INVITATIONS: 'off'
  LINKEDIN_ADD: 'beta/linkedIn/invitations'
  LINKEDIN_UPDATE: 'v1.0/linkedIn/invitations'
  GRAPH_LINKEDIN_PER_SECOND: '1'

  SYNC_SCHEDULE: '0 */5 * * * *'
  COMPARE_SCHEDULE: '0 30 4 * * *'
  CLEAN_UP_SCHEDULE: '0 15 3 * * *'

  TELEMETRY: 'off'

  PARTITIONS: '16'
}

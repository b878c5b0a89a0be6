import type { Settings } from '../../shared/settings';

/** What an empty value stands for, where it stands for something. */
export const WHEN_EMPTY: { [Name in keyof Settings]?: string } = {
  ALLOWED_REDIRECT_ORIGINS: 'any',
  ALLOWED_EMAIL_DOMAINS: 'any',
  BLOCKED_EMAIL_DOMAINS: 'none',
  SOURCES: 'none',
  APPROVAL_REQUIRED_DOMAINS: 'none',
  ALLOWED_EVENT_HOSTS: 'any',
};

/** What docs/configuration.md says of each setting, by section; names, defaults and values come from the schema. */
export const SECTIONS = {
  Connections: {
    AzureWebJobsStorage: "the Functions host's own storage",
    TablesConnection: 'connection string of the tables, or:',
    TablesConnection__tableServiceUri: "endpoint of the tables, used with the app's identity",
    ServiceBusConnection: 'connection string of the namespace, or:',
    ServiceBusConnection__fullyQualifiedNamespace: "host name of the namespace, used with the app's identity",
    INVITATIONS_QUEUE: 'the queue of hints',
    EVENTS_QUEUE: 'the queue of hints at events',
    WEBHOOKS_QUEUE: 'the queue of hints at webhook events',
    AZURE_CLIENT_ID: 'client id of a user-assigned identity',
    GRAPH_BASE_URL:
      "Graph, a national cloud's Graph, or a simulator on this machine (plain http, loopback only: then no real token is asked for)",
  },
  Requests: {
    INVITE_REDIRECT_URL: 'where people land when a request names no `inviteRedirectUrl`',
    ALLOWED_REDIRECT_ORIGINS: 'origins, separated by commas, that `inviteRedirectUrl` may have',
    ALLOWED_EMAIL_DOMAINS: 'domains that may be invited; `*.example.com` stands for every subdomain',
    BLOCKED_EMAIL_DOMAINS: 'domains that may not, whatever the list above says',
    SEND_INVITATION_MESSAGE: "whether Graph mails when a request does not say (Graph's own default is false)",
  },
  Callers: {
    AUTH: '`keys`: the API asks for a function key, and all callers are one; `entra`: for an access token, [api-identity.md](api-identity.md)',
    AUTH_TENANT_ID: 'with `entra`: the tenant whose tokens count',
    AUTH_AUDIENCE:
      "with `entra`: the client id of the API's registration; its Application ID URI as well, after a comma, unless it is `api://{client id}`",
    AUTH_AUTHORITY:
      'who gives out tokens: `https://login.microsoftonline.us` for US Government, `https://login.partner.microsoftonline.cn` for China',
  },
  Webhooks: {
    SOURCES:
      "the systems that send webhooks: JSON, or the path of a JSON or JSONC file that is deployed with the app, from the app's folder; [sources.md](sources.md)",
  },
  Quotas: {
    QUOTA_PER_CALLER:
      'invitations a day (UTC) that one caller may make; with `AUTH=keys` all callers are one, and each webhook source is one. Never more, and up to a hundred fewer for each instance that ends',
    QUOTA_PER_RECIPIENT: 'invitations a day (UTC) that may be made for one person, by all callers together; exact',
  },
  'Approval and retention': {
    APPROVAL_REQUIRED_DOMAINS:
      'invitations of people in these domains wait for approval; `*.example.com` stands for every subdomain',
    APPROVAL_EXPIRES_AFTER: 'what nobody approves in time is rejected',
    RETAIN_DAYS:
      'days after closing for which addresses and names are kept; then they are erased, and the keyed hash stays',
  },
  'Events out': {
    ALLOWED_EVENT_HOSTS:
      'hosts, separated by commas, that events may be posted to; `*.example.com` stands for every subdomain; [api-events.md](api-events.md)',
  },
  'The way of an invitation': {
    REMIND_AFTER: 'reminders, counted from the first mail, while Graph says PendingAcceptance',
    EXPIRE_AFTER: 'ends what was not redeemed, counted from the first mail',
    CHECK_REDEMPTION_EVERY: 'how often a pending person is looked up between reminders',
    CHECK_EXPIRED_FOR: 'how long after expiry a late redemption is still noticed',
    ON_EXPIRY: '`removeGuest` deletes the guest on expiry, under the rules below',
    ON_REVOKE:
      '`removeGuest` deletes the guest on a revoke: only one whose creation is known to be ours, still pending when read right before, and named by no other open invitation',
  },
  Redemptions: {
    SYNC_SCHEDULE: 'when what changed among the guests is read from Graph: one request a run while nothing changes',
    COMPARE_SCHEDULE:
      'when the guests that Graph calls pending are compared with the open invitations: one request for 999 guests',
  },
  Sending: {
    AMBIGUOUS_SENDS:
      "after an unknown answer when Graph does not show the person: `reconcile` sends again, `strict` waits for a person's decision",
    RESOLVE_AFTER: 'how long to let the directory catch up before an unknown answer is looked into',
    SEND_LEASE: 'how long an intent belongs to its worker; at least three times `GRAPH_CALL_TIMEOUT`',
    GRAPH_CALL_TIMEOUT: 'the longest a call to Graph may take',
    GRAPH_INVITATIONS_PER_SECOND:
      "the most that is ever asked of Graph; the tenant's limit is 30, shared by all apps. `auto`: begins with 25 and learns from Graph's refusals how much it takes",
    GRAPH_INVITATIONS_BURST:
      'how much of that Graph takes at once after a pause, as time of it: five seconds of 25 are 100 calls. `PT0S` where Graph refuses the beginning of every batch',
    MAX_SEND_ATTEMPTS:
      'unknown answers that turned out as not sent, after which an invitation fails; waiting never counts',
    WAKE_SCHEDULE: 'the timer: every n seconds (`*/10 * * * * *`) or minutes (`0 */5 * * * *`)',
  },
  'Sharing items and LinkedIn': {
    GRAPH_PERMISSIONS:
      "`delegated` where the app calls Graph as a signed-in user: on one's own machine with `az login`. It isn't for Azure, where nobody signs in. Paths below `/me` need it",
    INVITE_GUESTS_FIRST:
      'a share with an address that is not in the directory makes a guest invitation without mail first, because with application permission Graph shares with people of the directory only',
    GRAPH_SHARES_PER_SECOND: "shares a second; SharePoint's limit is 300 in five minutes for an app and tenant",
    GRAPH_SHARING_MAILS_PER_HOUR: "shares an hour that are mailed; SharePoint's limit for a user and for a site",
    LINKEDIN_INVITATIONS:
      '`on` lets invitations of kind linkedIn in. Microsoft has described this API and never published it, so it is off',
    LINKEDIN_ADD: 'version and path of Graph that a LinkedIn invitation is posted to',
    LINKEDIN_UPDATE: 'version and path of Graph that a change of it is sent to',
    GRAPH_LINKEDIN_PER_SECOND: 'LinkedIn calls a second',
  },
  Tables: {
    HASH_KEY: "a secret of 16 characters or more that persons are hashed with; can't be changed later",
    PARTITIONS: "partitions of the table Invitations, 256 at most; can't be changed later",
    CLEAN_UP_SCHEDULE:
      'when idempotency keys older than seven days and counts for quotas of earlier days are deleted (NCRONTAB, UTC): 256 queries, one a partition, and one request for 50 keys or 100 counts',
  },
  Telemetry: {
    TELEMETRY:
      'where traces and figures go: nowhere, to a collector by OTLP, or to Application Insights; [telemetry.md](telemetry.md)',
  },
} satisfies Record<string, { [Name in keyof Settings]?: string }>;

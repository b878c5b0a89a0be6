import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import type { Policy } from './domain/policy';
import { eventUrlFault } from './events/eventUrl';
import { makePatience } from './events/patience';
import { makePostEvent } from './events/postEvent';
import { type AccessTokenOf, accessTokenFrom, simulatorToken } from './graph/accessToken';
import { type CallGraph, makeCallGraph } from './graph/callGraph';
import { makeDriveItem } from './graph/driveItem';
import { makeGuest } from './graph/guest';
import { makeGuestChanges } from './graph/guestChanges';
import { makeLinkedIn } from './graph/linkedIn';
import { tracedCallGraph } from './graph/tracedCallGraph';
import type { Instant } from './domain/time';
import { gatesOf } from './gatesOf';
import { makeMonotonicClock } from './monotonicClock';
import {
  type EventHintSender,
  type HintSender,
  type WebhookHintSender,
  makeEventHintSender,
  makeHintSender,
  makeWebhookHintSender,
} from './queue/hintSender';
import { type Settings, readSettings, tickMs } from './settings';
import { makeDueEvents } from './tables/dueEvents';
import { makeCallerQuotas } from './tables/callerQuotas';
import { makeIdempotencyKeys } from './tables/idempotencyKeys';
import { makeInvitations } from './tables/invitations';
import { makeInvitedUsers } from './tables/invitedUsers';
import { type TableConnection, type Tables, prepareTables, tableClients } from './tables/openTables';
import { makeSourceLinks } from './tables/sourceLinks';
import { makeRecipientCounts } from './tables/recipientCounts';
import { makeSubscriptionCache } from './tables/subscriptionCache';
import { makeSubscriptions } from './tables/subscriptions';
import { makeSyncState } from './tables/syncState';
import { tellChange } from './telemetry/invitationEvents';
import { type CallHost, makeCallHost } from './webhooks/callHost';
import { makeSandbox } from './webhooks/sandbox';
import { makeAdvanceInvitation } from './workflow/advanceInvitation';
import { makeAnnounceEvents } from './workflow/announceEvents';
import { makeBulkInvitations } from './workflow/bulkInvitations';
import { makeCallerQuota } from './workflow/callerQuota';
import { makeCheckHealth } from './workflow/checkHealth';
import { makeCompareRedemptions } from './workflow/compareRedemptions';
import { makeDecide } from './workflow/decide';
import { makeDeliverEvent } from './workflow/deliverEvent';
import { makeErasePerson } from './workflow/erasePerson';
import { makeDeleteExpiredKeys } from './workflow/deleteExpiredKeys';
import { makeDeleteOldCounts } from './workflow/deleteOldCounts';
import { makeForeseeInvitations } from './workflow/foreseeInvitations';
import { makeGiveRedeemUrl } from './workflow/giveRedeemUrl';
import { makeKinds } from './workflow/kinds/kinds';
import { makeListInvitations } from './workflow/listInvitations';
import { makePatchInvitation } from './workflow/patchInvitation';
import { makeRecordDeadLetter } from './workflow/recordDeadLetter';
import { makeRequestInvitation } from './workflow/requestInvitation';
import { makeSubscribe } from './workflow/subscribe';
import { makeSyncRedemptions } from './workflow/syncRedemptions';
import { makeWakeEvents } from './workflow/wakeEvents';
import { makeTellPaces } from './workflow/tellPaces';
import { makeWakeInvitations } from './workflow/wakeInvitations';
import { connectWebhooks } from './workflow/webhooks/connectWebhooks';

/** Whatever the functions call, made once a process. */
export type Services = Awaited<ReturnType<typeof openServices>>;

let opened: Promise<Services> | undefined;

/** The services of this process; a failure to open them is not kept, so the next call tries again. */
export function services(): Promise<Services> {
  opened ??= openServices(readSettingsOnce()).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

const readSettingsOnce = (): Settings => readSettings(process.env);

const DAY_MS = 24 * 3600_000;

/** All that reaches out of the process: whoever wraps these sees every effect of the workflow. */
export interface Adapters {
  tables: Tables;
  hints: HintSender;
  eventHints: EventHintSender;
  webhookHints: WebhookHintSender;
  /** Fetches what webhooks leave out. */
  callHost: CallHost;
  callGraph: CallGraph;
  accessToken: AccessTokenOf;
}

/** Connects every part by its settings. Throws `TablesUnavailableError`, or a plain Error that says what to set. */
export const openServices = async (settings: Settings) => connect(settings, await openAdapters(settings));

/** Opens the adapters by the settings, and lays out the tables. Throws as `openServices` does. */
export async function openAdapters(settings: Settings): Promise<Adapters> {
  const credential = credentialOf(settings);
  const tables = await openTables(settings, credential);
  await prepareTables(tables, { partitions: settings.PARTITIONS, hashKey: settings.HASH_KEY });
  const serviceBus = onceFor(() => serviceBusClient(settings, credential));
  const accessToken = isLoopback(settings.GRAPH_BASE_URL)
    ? simulatorToken
    : accessTokenFrom(
        settings.GRAPH_PERMISSIONS === 'delegated' ? signedInCredential : credential,
        settings.GRAPH_BASE_URL,
      );
  return {
    tables,
    accessToken,
    hints: makeHintSender(serviceBus, settings.INVITATIONS_QUEUE),
    eventHints: makeEventHintSender(serviceBus, settings.EVENTS_QUEUE),
    webhookHints: makeWebhookHintSender(serviceBus, settings.WEBHOOKS_QUEUE),
    callHost: makeCallHost(FETCH_LIMITS),
    callGraph: tracedCallGraph(
      makeCallGraph({
        baseUrl: settings.GRAPH_BASE_URL,
        callTimeoutMs: settings.GRAPH_CALL_TIMEOUT,
        accessToken,
      }),
    ),
  };
}

/** Clients for the tables that the settings name. Makes no call. */
export const openTables = (settings: Settings, credential = credentialOf(settings)): Promise<Tables> =>
  tableClients(tableConnection(settings, credential));

/** The workflow over given adapters. */
export function connect(settings: Settings, adapters: Adapters) {
  const { tables, hints, eventHints, callGraph, accessToken } = adapters;
  const { now } = tables.clock;
  const policy = policyOf(settings);
  const monotonicMs = makeMonotonicClock();
  const every = { now, monotonicMs, tickMs: tickMs(settings.WAKE_SCHEDULE) ?? 60_000 };
  const events = eventsOf(settings, tables, eventHints, every);
  const invitations = makeInvitations(tables, policy, events.out);
  const gates = gatesOf(settings, tables, { monotonicMs, sleep, random: Math.random });
  const guest = makeGuest(callGraph);
  const linkedIn = makeLinkedIn(callGraph, { add: settings.LINKEDIN_ADD, update: settings.LINKEDIN_UPDATE });
  const guestChanges = makeGuestChanges(callGraph);
  const invitedUsers = makeInvitedUsers(tables);
  const idempotencyKeys = makeIdempotencyKeys(tables);
  const sourceLinks = makeSourceLinks(tables, settings.HASH_KEY);
  const shared = {
    invitations,
    gates,
    hints,
    policy,
    ...every,
    partitions: settings.PARTITIONS,
  };
  const quotas = quotasOf(settings, tables);
  const requests = { ...shared, ...quotas, rules: rulesOf(settings), hashKey: settings.HASH_KEY, sourceLinks };
  const keyed = { ...requests, idempotencyKeys, randomBytes };
  const requestInvitation = makeRequestInvitation(keyed);
  const decide = makeDecide(shared);
  const webhooks = connectWebhooks({
    ...adapters,
    ...requests,
    hints: adapters.webhookHints,
    requestInvitation,
    decide,
    sandbox: makeSandbox(),
    sources: settings.SOURCES,
    environment: process.env,
    retainMs: settings.RETAIN_DAYS * DAY_MS,
  });
  const compareRedemptions = makeCompareRedemptions({ ...shared, tables, guestChanges });
  return {
    settings,
    policy,
    invitations,
    requestInvitation,
    bulkInvitations: makeBulkInvitations(keyed),
    foreseeInvitations: makeForeseeInvitations(keyed),
    decide,
    erasePerson: makeErasePerson({ ...shared, hashKey: settings.HASH_KEY }),
    patchInvitation: makePatchInvitation({ ...shared, rules: rulesOf(settings) }),
    giveRedeemUrl: makeGiveRedeemUrl({ ...shared, guest, gate: gates.invitations }),
    listInvitations: makeListInvitations({ ...shared, tables }),
    advanceInvitation: makeAdvanceInvitation({
      ...shared,
      guest,
      linkedIn,
      invitedUsers,
      kinds: makeKinds({ ...shared, guest, linkedIn, invitedUsers, driveItem: makeDriveItem(callGraph) }),
      callTimeoutMs: settings.GRAPH_CALL_TIMEOUT,
      sleep,
    }),
    wakeInvitations: makeWakeInvitations({ ...shared, tables }),
    tellPaces: makeTellPaces({ gates }),
    compareRedemptions,
    syncRedemptions: makeSyncRedemptions({
      ...shared,
      guestChanges,
      invitedUsers,
      compareRedemptions,
      syncState: makeSyncState(tables),
    }),
    recordDeadLetter: makeRecordDeadLetter(shared),
    deleteExpiredKeys: makeDeleteExpiredKeys({ idempotencyKeys, now }),
    deleteOldCounts: makeDeleteOldCounts({ ...shared, recipientCounts: makeRecipientCounts(tables) }),
    checkHealth: makeCheckHealth({
      gates,
      hints,
      eventHints,
      subscriptions: events.known,
      webhookHints: adapters.webhookHints,
      keptEvents: webhooks.keptEvents.count,
      accessToken,
      now,
    }),
    subscriptions: events.subscriptions,
    ...makeSubscribe({ ...events, now, newId: randomUUID }),
    eventUrlFault: (url: string) => eventUrlFault(url, eventUrlRulesOf(settings)),
    deliverEvent: makeDeliverEvent({
      ...events,
      invitations,
      patience: makePatience(monotonicMs),
      post: makePostEvent({ ...eventUrlRulesOf(settings), timeoutMs: EVENT_TIMEOUT_MS }),
      announce: events.out.announce,
      now,
      random: Math.random,
    }),
    wakeEvents: makeWakeEvents({ ...shared, ...events, eventHints }),
    webhooks,
    hints,
  };
}

export const policyOf = (settings: Settings): Policy => ({
  sendLeaseMs: settings.SEND_LEASE,
  resolveAfterMs: settings.RESOLVE_AFTER,
  maxSendAttempts: settings.MAX_SEND_ATTEMPTS,
  ambiguousSends: settings.AMBIGUOUS_SENDS,
  onRevoke: settings.ON_REVOKE,
  onExpiry: settings.ON_EXPIRY,
  checkRedemptionEveryMs: settings.CHECK_REDEMPTION_EVERY,
  checkExpiredForMs: settings.CHECK_EXPIRED_FOR,
  inviteGuestsFirst: settings.INVITE_GUESTS_FIRST,
  retainMs: settings.RETAIN_DAYS * DAY_MS,
});

export const rulesOf = (settings: Settings) => ({
  inviteRedirectUrl: settings.INVITE_REDIRECT_URL,
  allowedRedirectOrigins: settings.ALLOWED_REDIRECT_ORIGINS,
  allowedEmailDomains: settings.ALLOWED_EMAIL_DOMAINS,
  blockedEmailDomains: settings.BLOCKED_EMAIL_DOMAINS,
  sendInvitationMessage: settings.SEND_INVITATION_MESSAGE,
  remindAfter: settings.REMIND_AFTER,
  expireAfter: settings.EXPIRE_AFTER,
  graphPermissions: settings.GRAPH_PERMISSIONS,
  inviteGuestsFirst: settings.INVITE_GUESTS_FIRST,
  linkedInInvitations: settings.LINKEDIN_INVITATIONS,
  approvalRequiredDomains: settings.APPROVAL_REQUIRED_DOMAINS,
  approvalExpiresAfter: settings.APPROVAL_EXPIRES_AFTER,
});

/** What a webhook source's own API may take, and answer. */
const FETCH_LIMITS = { timeoutMs: 15_000, mostBytes: 256 * 1024 };

/** How long a receiver may take to answer. */
const EVENT_TIMEOUT_MS = 15_000;

const eventUrlRulesOf = (settings: Settings) => ({
  allowedHosts: settings.ALLOWED_EVENT_HOSTS,
  allowsLoopback: isLoopback(settings.GRAPH_BASE_URL),
});

/** Subscriptions, and what goes to them. */
function eventsOf(
  settings: Settings,
  tables: Tables,
  eventHints: EventHintSender,
  every: { now: () => Instant; monotonicMs: () => number; tickMs: number },
) {
  const subscriptions = makeSubscriptions(tables, settings.HASH_KEY);
  const read = async () => (await subscriptions.list()).map(({ subscription }) => subscription);
  const cache = makeSubscriptionCache(read, every.monotonicMs);
  return {
    subscriptions,
    dueEvents: makeDueEvents(tables),
    known: cache.current,
    refreshSubscriptions: cache.refresh,
    out: { subscribers: cache.current, announce: makeAnnounceEvents({ ...every, eventHints }), changed: tellChange },
  };
}

/** 0 is none: nothing is counted then. */
function quotasOf({ QUOTA_PER_CALLER: perCaller, QUOTA_PER_RECIPIENT: perRecipient }: Settings, tables: Tables) {
  const { now } = tables.clock;
  return {
    ...(perCaller === 0
      ? {}
      : { callerQuota: makeCallerQuota({ callerQuotas: makeCallerQuotas(tables), most: perCaller, now }) }),
    ...(perRecipient === 0 ? {} : { quotaPerRecipient: perRecipient }),
  };
}

function tableConnection(settings: Settings, credential: () => Promise<TokenCredential>): TableConnection {
  const serviceUri = settings.TablesConnection__tableServiceUri;
  return settings.TablesConnection === undefined && serviceUri !== undefined
    ? { type: 'identity', serviceUri, credential }
    : { type: 'connectionString', connectionString: settings.TablesConnection ?? '' };
}

/** Short limits: a hint is not worth waiting for. */
const SERVICE_BUS_OPTIONS: ServiceBusClientOptions = {
  retryOptions: { maxRetries: 1, retryDelayInMs: 100, timeoutInMs: 5_000 },
};

async function serviceBusClient(
  settings: Settings,
  credential: () => Promise<TokenCredential>,
): Promise<ServiceBusClient> {
  const namespace = settings.ServiceBusConnection__fullyQualifiedNamespace;
  return settings.ServiceBusConnection === undefined && namespace !== undefined
    ? new ServiceBusClient(namespace, await credential(), SERVICE_BUS_OPTIONS)
    : new ServiceBusClient(settings.ServiceBusConnection ?? '', SERVICE_BUS_OPTIONS);
}

const credentialOf = (settings: Settings): (() => Promise<TokenCredential>) =>
  onceFor(() => defaultCredential(settings.AZURE_CLIENT_ID));

/** Loaded when it is first needed: with connection strings and a simulator it never is, and it is most of a cold start. */
async function defaultCredential(clientId: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}

/** Whoever signed in with `az login`: what Graph is asked for then is asked for by them. */
const signedInCredential = onceFor(async (): Promise<TokenCredential> => {
  const { AzureCliCredential } = await import('@azure/identity');
  return new AzureCliCredential();
});

function onceFor<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const isLoopback = (url: string): boolean => {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
};

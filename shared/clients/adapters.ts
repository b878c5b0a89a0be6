import { ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import { type AccessTokenOf, accessTokenFrom, simulatorToken } from '../graph/accessToken';
import { type CallGraph, makeCallGraph } from '../graph/callGraph';
import { tracedCallGraph } from '../graph/tracedCallGraph';
import {
  type EventHintSender,
  type HintSender,
  type WebhookHintSender,
  makeEventHintSender,
  makeHintSender,
  makeWebhookHintSender,
} from '../queue/hintSender';
import type { Settings } from '../settings';
import { type TableConnection, type Tables, prepareTables, tableClients } from '../tables/openTables';
import { type CallHost, makeCallHost } from '../webhooks/callHost';
import { type CredentialOf, appCredential, signedInCredential } from './credentials';
import { onceFor } from './onceFor';
import { usesSimulator } from './usesSimulator';

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

/**
 * Opens the adapters by the settings, and lays out the tables. Service Bus and Graph are called when they are first
 * needed. Throws `TablesUnavailableError`, or a plain Error that says what to set.
 */
export async function openAdapters(settings: Settings): Promise<Adapters> {
  const credential = appCredential(settings);
  const tables = await openTables(settings, credential);
  await prepareTables(tables, { partitions: settings.PARTITIONS, hashKey: settings.HASH_KEY });
  const serviceBus = onceFor(() => serviceBusClient(settings, credential));
  const accessToken = graphToken(settings, credential);
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

/** What a webhook source's own API may take, and answer. */
const FETCH_LIMITS = { timeoutMs: 15_000, mostBytes: 256 * 1024 };

/** Clients for the tables that the settings name. Makes no call. */
export const openTables = (settings: Settings, credential = appCredential(settings)): Promise<Tables> =>
  tableClients(tableConnection(settings, credential));

function tableConnection(settings: Settings, credential: CredentialOf): TableConnection {
  const serviceUri = settings.TablesConnection__tableServiceUri;
  return settings.TablesConnection === undefined && serviceUri !== undefined
    ? { type: 'identity', serviceUri, credential }
    : { type: 'connectionString', connectionString: settings.TablesConnection ?? '' };
}

/** Short limits: a hint is not worth waiting for. */
const SERVICE_BUS_OPTIONS: ServiceBusClientOptions = {
  retryOptions: { maxRetries: 1, retryDelayInMs: 100, timeoutInMs: 5_000 },
};

async function serviceBusClient(settings: Settings, credential: CredentialOf): Promise<ServiceBusClient> {
  const namespace = settings.ServiceBusConnection__fullyQualifiedNamespace;
  return settings.ServiceBusConnection === undefined && namespace !== undefined
    ? new ServiceBusClient(namespace, await credential(), SERVICE_BUS_OPTIONS)
    : new ServiceBusClient(settings.ServiceBusConnection ?? '', SERVICE_BUS_OPTIONS);
}

function graphToken(settings: Settings, credential: CredentialOf): AccessTokenOf {
  if (usesSimulator(settings)) return simulatorToken;
  const asked = settings.GRAPH_PERMISSIONS === 'delegated' ? signedInCredential : credential;
  return accessTokenFrom(asked, settings.GRAPH_BASE_URL);
}

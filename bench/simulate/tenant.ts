import { startGraphSimulator } from '../../local/graph/startGraphSimulator';
import type { Services } from '../../shared/clients';
import { type Adapters, openAdapters } from '../../shared/clients/adapters';
import { connect } from '../../shared/clients/connect';
import { policyOf } from '../../shared/clients/policyOf';
import type { Policy } from '../../shared/domain/policy';
import type { Instant } from '../../shared/domain/time';
import { readSettings } from '../../shared/settings';
import { type Tables, clientsOf } from '../../shared/tables/openTables';
import type { Counts } from '../tables/counts';
import { startTableServer } from '../tables/startTableServer';
import { entityBytes } from './entitySize';

/** What the tables hold. */
export interface Stored {
  entities: number;
  bytes: number;
}

/** The product in this process over stores of its own, with a clock that stands until it is moved. */
export interface Tenant {
  services: Services;
  tables: Tables;
  policy: Policy;
  now: () => Instant;
  moveTo: (at: Instant) => void;
  /** Does it, and tells what the tables and the queue were asked for meanwhile. */
  costs: <T>(work: () => Promise<T>) => Promise<{ result: T; counts: Counts; messages: number }>;
  /** In all tables together, without the gate's. */
  storedOf: () => Promise<Stored>;
  redeem: (email: string) => Promise<void>;
  /** The same over the same stores, as an instance that has just started. */
  another: () => Promise<Tenant>;
  close: () => Promise<void>;
}

/** A Monday, nine o'clock. */
export const START: Instant = '2026-03-02T09:00:00.000Z';
/** The simulation counts the gate's calls as they happen; subscriptions are read twice a minute, whatever else is done. */
export const KEPT_ELSEWHERE = ['Gates', 'Subscriptions'];

export const bodyOf = (name: string) => ({ invitedUserEmailAddress: `${name}@fabrikam.com` });

/** Does it with a tenant of its own. */
export async function within<T>(work: (tenant: Tenant) => Promise<T>): Promise<T> {
  const tenant = await openTenant();
  try {
    return await work(tenant);
  } finally {
    await tenant.close();
  }
}

async function openTenant(): Promise<Tenant> {
  const [server, graph] = await Promise.all([startTableServer(), startGraphSimulator({ port: 0 })]);
  const settings = readSettings({
    AzureWebJobsStorage: server.connectionString,
    TablesConnection: server.connectionString,
    // Nothing is sent there: the hints are counted.
    ServiceBusConnection: 'Endpoint=sb://127.0.0.1;SharedAccessKeyName=bench;SharedAccessKey=bench',
    GRAPH_BASE_URL: graph.baseUrl,
    HASH_KEY: 'only-for-this-benchmark',
    INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
  });
  let at = START;
  let messages = 0;
  const opened = await openAdapters(settings);
  const counted = {
    send: (hints: unknown[]) => {
      messages += hints.length;
      return Promise.resolve(true);
    },
    check: () => Promise.resolve(),
  };
  const adapters: Adapters = {
    ...opened,
    tables: { ...opened.tables, clock: { ...opened.tables.clock, now: () => at } },
    hints: counted,
    eventHints: counted,
    webhookHints: counted,
  };

  const tenant = (): Tenant => ({
    services: connect(settings, adapters),
    tables: adapters.tables,
    policy: policyOf(settings),
    now: () => at,
    moveTo: (next) => void (at = next),
    costs: async (work) => {
      await server.reset();
      messages = 0;
      const result = await work();
      return { result, counts: await server.counts(), messages };
    },
    storedOf: () => stored(adapters.tables),
    redeem: async (email) => {
      const body = JSON.stringify({ email });
      const { ok, status } = await fetch(`${graph.baseUrl}/_simulator/redemptions`, { method: 'POST', body });
      if (!ok) throw new Error(`The simulator let nobody redeem: ${status}.`);
    },
    another: () => Promise.resolve(tenant()),
    close: async () => {
      await Promise.all([server.close(), graph.close()]);
    },
  });
  return tenant();
}

async function stored(tables: Tables): Promise<Stored> {
  const sum = { entities: 0, bytes: 0 };
  for (const client of clientsOf(tables)) {
    if (client === tables.gates) continue;
    for await (const entity of client.listEntities()) {
      sum.entities += 1;
      sum.bytes += entityBytes(entity);
    }
  }
  return sum;
}

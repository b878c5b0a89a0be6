import type { TokenCredential } from '@azure/identity';
import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import { hashKeyFingerprint } from '../domain/ids';
import { MisconfiguredError } from '../misconfiguredError';
import { type ServerClock, makeServerClock } from './serverClock';
import { SHARED_KEY_POLICY, makeSharedKeyPolicy, sharedKeyOf } from './sharedKeyPolicy';
import { makeSubmitTransaction } from './submitTransaction';
import { calling, readOrUndefined, refusalOf } from './tablesError';

export const TABLES = {
  invitations: 'Invitations',
  idempotencyKeys: 'IdempotencyKeys',
  invitedUsers: 'InvitedUsers',
  gates: 'Gates',
  subscriptions: 'Subscriptions',
  webhooks: 'Webhooks',
  sourceLinks: 'SourceLinks',
} as const;

type TableName = keyof typeof TABLES;

export type TableConnection =
  | { type: 'connectionString'; connectionString: string }
  | { type: 'identity'; serviceUri: string; credential: () => Promise<TokenCredential> };

export type Tables = Record<TableName, TableClient> & { clock: ServerClock };

/** One of every table there is. */
export const clientsOf = (tables: Tables): TableClient[] =>
  (Object.keys(TABLES) as TableName[]).map((name) => tables[name]);

/** Short retries: whoever waits for an answer gets one soon, and the wake-ups try again anyway. */
const OPTIONS: TableServiceClientOptions = {
  retryOptions: { maxRetries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 500 },
};

/** How long one try of a call may take: a connection that nobody answers on would hold a request for minutes. */
const CALL_TIMEOUT_MS = 10_000;

/** Clients for the tables, all reading one clock. Makes no call. */
export async function tableClients(
  connection: TableConnection,
  { callTimeoutMs = CALL_TIMEOUT_MS }: { callTimeoutMs?: number } = {},
): Promise<Tables> {
  const clock = makeServerClock();
  const credential = connection.type === 'identity' ? await connection.credential() : undefined;
  const allowInsecureConnection = isInsecure(connection);
  const open = (name: string): TableClient => {
    const client =
      connection.type === 'identity' && credential
        ? new TableClient(connection.serviceUri, name, credential, OPTIONS)
        : TableClient.fromConnectionString(connectionStringOf(connection), name, {
            ...OPTIONS,
            allowInsecureConnection,
          });
    for (const name of UNUSED_POLICIES) client.pipeline.removePolicy({ name });
    const sharedKey = sharedKeyOf(connectionStringOf(connection));
    if (sharedKey && client.pipeline.removePolicy({ name: SHARED_KEY_POLICY }).length > 0) {
      client.pipeline.addPolicy(makeSharedKeyPolicy(sharedKey));
    }
    client.submitTransaction = makeSubmitTransaction(client, { allowInsecureConnection });
    client.pipeline.addPolicy(clock.policy);
    client.pipeline.addPolicy(timeoutPolicy(callTimeoutMs), { afterPhase: 'Retry' });
    return client;
  };
  return {
    invitations: open(TABLES.invitations),
    idempotencyKeys: open(TABLES.idempotencyKeys),
    invitedUsers: open(TABLES.invitedUsers),
    gates: open(TABLES.gates),
    subscriptions: open(TABLES.subscriptions),
    webhooks: open(TABLES.webhooks),
    sourceLinks: open(TABLES.sourceLinks),
    clock,
  };
}

/**
 * Parts of the SDK's pipeline that have nothing to do for us, and cost every call something: no call has a form, parts of the
 * SDK's making or an abort signal, Tables never redirects, and nobody listens to the SDK's spans.
 */
export const UNUSED_POLICIES = [
  'formDataPolicy',
  'multipartPolicy',
  'redirectPolicy',
  'tracingPolicy',
  'wrapAbortSignalLikePolicy',
];

const timeoutPolicy = (timeoutMs: number): ServerClock['policy'] => ({
  name: 'timeoutPolicy',
  sendRequest: (request, next) => {
    request.timeout = timeoutMs;
    return next(request);
  },
});

/** A local emulator's. */
const isInsecure = (connection: TableConnection): boolean =>
  /^http:|=http:|UseDevelopmentStorage=true/i.test(connectionStringOf(connection));

const connectionStringOf = (connection: TableConnection): string =>
  connection.type === 'connectionString' ? connection.connectionString : '';

export interface TableLayout {
  partitions: number;
  hashKey: string;
}

/**
 * Creates what is missing and makes sure that the table was laid out with the same `PARTITIONS` and `HASH_KEY`: with
 * others every person would be looked for in the wrong place. Throws `MisconfiguredError`, which says what to set.
 */
export async function prepareTables(tables: Tables, layout: TableLayout): Promise<void> {
  await Promise.all(clientsOf(tables).map((table) => calling('create table', () => table.createTable())));
  try {
    await calling('record the layout', () =>
      tables.invitations.createEntity({ ...LAYOUT_KEY, ...recordedLayout(layout) }),
    );
  } catch (error) {
    if (refusalOf(error) !== 409) throw error;
    await requireLayout(tables, layout);
  }
}

const LAYOUT_KEY = { partitionKey: 'meta', rowKey: 'layout' };

const recordedLayout = (layout: TableLayout): RecordedLayout => ({
  partitions: layout.partitions,
  hashKey: hashKeyFingerprint(layout.hashKey),
});

/** Makes sure of the layout and creates nothing. Throws `MisconfiguredError`, which says what to set. */
export async function requireLayout({ invitations }: Tables, layout: TableLayout): Promise<void> {
  const found = await readOrUndefined('read the layout', () =>
    invitations.getEntity<RecordedLayout>(LAYOUT_KEY.partitionKey, LAYOUT_KEY.rowKey),
  );
  if (!found) throw new Error(`There is no table ${TABLES.invitations} yet: the app lays it out when it first starts.`);
  checkLayout(found, recordedLayout(layout));
}

interface RecordedLayout {
  partitions: number;
  hashKey: string;
}

function checkLayout(found: RecordedLayout, wanted: RecordedLayout): void {
  if (found.partitions !== wanted.partitions) {
    throw new MisconfiguredError(
      `PARTITIONS is ${wanted.partitions}, but table ${TABLES.invitations} was laid out with ${found.partitions}. ` +
        `Set PARTITIONS=${found.partitions}.`,
    );
  }
  if (found.hashKey !== wanted.hashKey) {
    throw new MisconfiguredError(
      `HASH_KEY is not the one that table ${TABLES.invitations} was laid out with (fingerprint ${wanted.hashKey}, ` +
        `recorded ${found.hashKey}). Set HASH_KEY to the value it had before.`,
    );
  }
}

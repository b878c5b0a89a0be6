import { TableClient } from '@azure/data-tables';
import { startRecorder } from '../../../bench/ingest/recording';
import { makeReplay } from '../../../bench/ingest/replay';
import { type TableServer, startTableServer } from '../../../bench/tables/startTableServer';
import { type ServiceBusStandIn, startServiceBus } from '../../../local/serviceBus/startServiceBus';
import { openServices } from '../../../shared/clients';
import { readSettings } from '../../../shared/settings';

interface Store {
  environment: Record<string, string>;
  tables: TableServer;
  bus: ServiceBusStandIn;
}

const started: Store[] = [];
const services: Awaited<ReturnType<typeof openServices>>[] = [];

async function startStore(): Promise<Store> {
  const [tables, bus] = await Promise.all([startTableServer(), startServiceBus({ port: 0, queues: ['invitations'] })]);
  const environment = {
    HASH_KEY: 'only-for-these-tests',
    INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
    QUOTA_PER_CALLER: '0',
    TablesConnection: tables.connectionString,
    ServiceBusConnection: bus.connectionString,
    GRAPH_BASE_URL: 'http://127.0.0.1:9',
  };
  const store = { environment, tables, bus };
  started.push(store);
  const opened = await openServices(readSettings(environment));
  services.push(opened);
  return store;
}

afterAll(async () => {
  await Promise.all(started.flatMap(({ tables, bus }) => [tables.close(), bus.close()]));
});

/** Everything but the app's own layout: keys without their ids and times, and the names of the properties. */
async function storedIn({ environment }: Store): Promise<string[]> {
  const client = TableClient.fromConnectionString(environment['TablesConnection'] ?? '', 'Invitations', {
    allowInsecureConnection: true,
  });
  const kinds: string[] = [];
  for await (const { rowKey = '', partitionKey = '', ...properties } of client.listEntities()) {
    const own = Object.keys(properties).filter((name) => !['etag', 'timestamp'].includes(name));
    if (partitionKey !== 'meta') kinds.push(`${rowKey.slice(0, 2)} ${own.sort().join(' ')}`);
  }
  return kinds.sort();
}

const requestOf = (email: string) => ({
  body: { invitedUserEmailAddress: email },
  caller: 'any',
  idempotencyKey: undefined,
});
const request = requestOf('admin@fabrikam.com');

it('replays into the tables and the queue what a request puts there', async () => {
  const [ours, theirs] = await Promise.all([startStore(), startStore()]);
  await services[0]?.requestInvitation(request);

  const recorder = startRecorder(theirs.environment);
  await recorder.services.requestInvitation(request);
  const replay = makeReplay(theirs.environment['TablesConnection'] ?? '', theirs.bus.connectionString);
  await replay.perform(recorder.taken());
  await replay.close();

  const stored = await storedIn(ours);
  expect(stored.map((kind) => kind.slice(0, 2))).toEqual(['a-', 'h-', 'i-', 'p-', 'q-', 's-', 'w-']);
  expect(await storedIn(theirs)).toEqual(stored);
  expect(theirs.bus.counts('invitations')).toEqual(ours.bus.counts('invitations'));
  expect(ours.bus.counts('invitations')).toMatchObject({ deadLetter: 0 });
});

it('takes a request for one transaction and one send, and tells of each only once', async () => {
  const { environment } = started[0] ?? (await startStore());
  const { services: recorded, taken } = startRecorder(environment);
  await recorded.requestInvitation(request);
  taken();
  await recorded.requestInvitation(request);
  expect(taken().map(({ type }) => type)).toEqual(['transaction', 'send']);
  expect(taken()).toEqual([]);
});

it('replays what many requests at once make the product write beside their transactions: the places that it leases', async () => {
  const { environment, bus, tables } = await startStore();
  const { services: recorded, taken } = startRecorder(environment);
  for (let nth = 0; nth < 200; nth += 1) await recorded.requestInvitation(requestOf(`one.${nth}@fabrikam.com`));
  const operations = taken();
  expect(operations.filter(({ type }) => type === 'transaction')).toHaveLength(200);
  const replay = makeReplay(environment['TablesConnection'] ?? '', bus.connectionString);
  await tables.reset();
  await replay.perform(operations);
  await replay.close();
  const { Invitations, Gates } = await tables.counts();
  expect(Invitations?.transaction).toMatchObject({ requests: 200, refused: 0 });
  const writes = operations.filter(({ type }) => type === 'upsert').length;
  expect(writes).toBeGreaterThan(0);
  expect(Gates?.upsert?.requests).toBe(writes);
});

it('fails when a write is refused, instead of counting it as done', async () => {
  const { environment, bus } = started[0] ?? (await startStore());
  const { services: recorded, taken } = startRecorder(environment);
  await recorded.requestInvitation(requestOf('twice@fabrikam.com'));
  const operations = taken();
  const replay = makeReplay(environment['TablesConnection'] ?? '', bus.connectionString);
  await replay.perform(operations.filter(({ type }) => type === 'transaction'));
  await expect(replay.perform(operations)).rejects.toMatchObject({ statusCode: 409 });
  await replay.close();
});

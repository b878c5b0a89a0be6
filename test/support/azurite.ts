import { RestError, type TableClient } from '@azure/data-tables';
import { startTableServer } from '../../bench/tables/startTableServer';
import type * as StartTables from '../../local/tables/startTables';
import { type Tables, clientsOf, prepareTables, tableClients } from '../../shared/tables/openTables';

type Policy = Parameters<TableClient['pipeline']['addPolicy']>[0];
type PipelineRequest = Parameters<Policy['sendRequest']>[0];
type PipelineResponse = Awaited<ReturnType<Policy['sendRequest']>>;

/** What happens to one try of a request on its way; `send` lets it through. */
export type Carry = (request: PipelineRequest, send: () => Promise<PipelineResponse>) => Promise<PipelineResponse>;

export const HASH_KEY = 'a hash key of the tests';

const letThrough: Carry = (_request, send) => send();

/**
 * One Azurite in memory for a test file. It runs as compiled, because it forks a file beside itself: build first. With
 * TABLE_SERVER=bench in the environment it is the benchmarks' own table server, which has to pass the same tests.
 */
export function useAzurite() {
  const { startTables } = jest.requireActual<typeof StartTables>('../../dist/local/tables/startTables');
  const start = process.env['TABLE_SERVER'] === 'bench' ? startTableServer : startTables;
  let server: Pick<StartTables.LocalTables, 'connectionString' | 'close'>;
  beforeAll(async () => {
    server = await start({ port: 0 });
  });
  afterAll(() => server.close());

  /** The product's own clients, with a network below their retries that a test can disturb. */
  const connect = async (): Promise<{ tables: Tables; network: { carry: Carry } }> => {
    const tables = await tableClients({ type: 'connectionString', connectionString: server.connectionString });
    const network = { carry: letThrough };
    for (const client of clientsOf(tables)) {
      client.pipeline.addPolicy(
        { name: 'testNetwork', sendRequest: (request, next) => network.carry(request, () => next(request)) },
        { afterPhase: 'Retry' },
      );
    }
    return { tables, network };
  };
  return { connect, connectionString: () => server.connectionString };
}

/** Clients for the tables of a fresh Azurite that are laid out for use. */
export function useTables() {
  const azurite = useAzurite();
  let connected: Awaited<ReturnType<typeof azurite.connect>>;
  beforeAll(async () => {
    connected = await azurite.connect();
    await prepareTables(connected.tables, { partitions: 16, hashKey: HASH_KEY });
  });
  afterEach(() => {
    connected.network.carry = letThrough;
  });
  return { tables: () => connected.tables, network: () => connected.network, connect: azurite.connect };
}

export const isTransaction = ({ method, url }: PipelineRequest): boolean => method === 'POST' && url.endsWith('$batch');

/** A request's body, which the clients send as text. */
export const bodyOf = ({ body }: PipelineRequest): string => (typeof body === 'string' ? body : '');

/** `ECONNRESET` is tried again by the client; `EPIPE` is not. */
export const connectionBroke = (code: 'ECONNRESET' | 'EPIPE'): RestError => new RestError(`broken: ${code}`, { code });

/** Does something once, for the first request that matches; everything else goes through. */
export function once(matches: (request: PipelineRequest) => boolean, carry: Carry): Carry {
  let isDone = false;
  return (request, send) => {
    if (isDone || !matches(request)) return send();
    isDone = true;
    return carry(request, send);
  };
}

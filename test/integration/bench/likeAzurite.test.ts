import { TableClient } from '@azure/data-tables';
import fc from 'fast-check';
import { type TableServer, startTableServer } from '../../../bench/tables/startTableServer';
import { useAzurite } from '../../support/azurite';
import { operation } from './tableOperations';
import { player } from './tablePlayer';

describe('the table server of the benchmarks', () => {
  const azurite = useAzurite();
  let server: TableServer;
  let tableNumber = 0;
  beforeAll(async () => {
    server = await startTableServer();
  });
  afterAll(() => server.close());

  const open = async (connectionString: string, name: string) => {
    const options = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };
    const table = TableClient.fromConnectionString(connectionString, name, options);
    await table.createTable();
    return player(table);
  };

  it('answers any run of operations as Azurite does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 10, maxLength: 40, size: 'max' }), async (operations) => {
        tableNumber += 1;
        const theirs = await open(azurite.connectionString(), `Run${tableNumber}`);
        const ours = await open(server.connectionString, `Run${tableNumber}`);
        for (const each of operations) expect([each, await ours(each)]).toEqual([each, await theirs(each)]);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

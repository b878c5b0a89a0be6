import { prepareTables } from '../../../shared/tables/openTables';
import { TablesUnavailableError } from '../../../shared/tables/tablesError';
import { connectionBroke, once, useAzurite } from '../../support/azurite';

const azurite = useAzurite();
const layout = { partitions: 16, hashKey: 'a hash key of the tests' };

it('records the layout at the first start, and takes the same one ever after', async () => {
  const { tables } = await azurite.connect();
  await prepareTables(tables, layout);
  await prepareTables(tables, layout);
  const recorded = await tables.invitations.getEntity<{ hashKey: string }>('meta', 'layout');
  expect(recorded).toMatchObject({ partitions: 16 });
  expect(recorded.hashKey).toMatch(/^[0-9a-f]{16}$/);
});

it('lets several instances start at the same time', async () => {
  const connected = await Promise.all([azurite.connect(), azurite.connect(), azurite.connect()]);
  await Promise.all(connected.map(({ tables }) => prepareTables(tables, layout)));
});

it('refuses another number of partitions and says what to set', async () => {
  const { tables } = await azurite.connect();
  await expect(prepareTables(tables, { ...layout, partitions: 32 })).rejects.toThrow(
    'PARTITIONS is 32, but table Invitations was laid out with 16. Set PARTITIONS=16.',
  );
});

it('refuses another hash key without telling either', async () => {
  const { tables } = await azurite.connect();
  const hashKey = 'another hash key of the tests';
  const error = await prepareTables(tables, { ...layout, hashKey }).catch((caught: unknown) => caught);
  expect(String(error)).toMatch(
    /^MisconfiguredError: HASH_KEY is not the one .* Set HASH_KEY to the value it had before\.$/,
  );
  expect(String(error)).not.toContain(hashKey);
});

it('recognises its own record when the answer to it was lost', async () => {
  const { tables, network } = await azurite.connect();
  await tables.invitations.deleteEntity('meta', 'layout');
  network.carry = once(
    ({ method, url }) => method === 'POST' && url.endsWith('/Invitations'),
    async (_request, send) => {
      await send();
      throw connectionBroke('ECONNRESET');
    },
  );
  await prepareTables(tables, layout);
});

it('says that the tables are away', async () => {
  const { tables, network } = await azurite.connect();
  network.carry = () => Promise.reject(connectionBroke('EPIPE'));
  await expect(prepareTables(tables, layout)).rejects.toThrow(TablesUnavailableError);
});

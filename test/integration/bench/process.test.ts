import { odata } from '@azure/data-tables';
import type * as TableProcessModule from '../../../bench/tables/process';
import { tableClients } from '../../../shared/tables/openTables';
import { waitFor } from '../../support/waitFor';

/** As compiled, because it forks a file beside itself: build first. */
const { startTableProcess } = jest.requireActual<typeof TableProcessModule>('../../../dist/bench/tables/process');

describe('the table server in a process of its own', () => {
  const leaving = new AbortController();
  let tables: TableProcessModule.TableProcess;
  beforeEach(async () => {
    tables = await startTableProcess({ heapMiB: 256 });
  });
  afterEach(() => tables.close());

  it('is filled straight, serves what it was filled with, and tells what that took', async () => {
    const entities = Array.from({ length: 2500 }, (_, nth) => ({
      PartitionKey: '0a',
      RowKey: `w-0-${String(nth).padStart(4, '0')}`,
      note: 'an ü and a "quote"',
    }));
    await tables.load('Invitations', entities);
    expect(await tables.sizes()).toEqual({ Invitations: 2500 });
    await tables.reset();
    const { invitations } = await tableClients({ type: 'connectionString', connectionString: tables.connectionString });
    const filter = odata`PartitionKey eq ${'0a'} and RowKey ge ${'w-0-0500'} and RowKey lt ${'w-0-2000'}`;
    const notes = new Set<unknown>();
    let count = 0;
    for await (const { note } of invitations.listEntities<{ note: string }>({ queryOptions: { filter } })) {
      count += 1;
      notes.add(note);
    }
    expect([count, [...notes]]).toEqual([1500, ['an ü and a "quote"']]);
    expect((await tables.counts())['Invitations']).toEqual({
      query: { requests: 2, refused: 0, entitiesRead: 1500, entitiesWritten: 0, entitiesReturned: 1500 },
    });
  });

  it('does what it is asked at once and answers so much later as it is told to', async () => {
    await tables.setLatency(60_000);
    const { gates } = await tableClients(
      { type: 'connectionString', connectionString: tables.connectionString },
      // Its timer is left behind by an aborted call.
      { callTimeoutMs: 2000 },
    );
    let isAnswered = false;
    // It is cut off at the end of the test, when the server is closed.
    void gates.createTable({ abortSignal: leaving.signal }).then(
      () => (isAnswered = true),
      () => undefined,
    );
    await waitFor(async () => 'Gates' in (await tables.sizes()));
    expect(isAnswered).toBe(false);
    leaving.abort();
  });

  it('refuses to be filled with what is no entity', async () => {
    await expect(tables.load('Invitations', [{ PartitionKey: 'a' }])).rejects.toThrow('POST load?table=Invitations');
  });
});

import { execFile } from 'node:child_process';
import path from 'node:path';
import { makeInvitations } from '../../../shared/tables/invitations';
import { prepareTables } from '../../../shared/tables/openTables';
import { HASH_KEY, useAzurite } from '../../support/azurite';
import { aPolicy } from '../../support/invitations';
import { ofKind, rowKeysOf, somebody } from '../tables/people';

const COMMAND = path.join(__dirname, '..', '..', '..', 'dist', 'tools', 'fsck.js');

describe('npm run fsck', () => {
  const azurite = useAzurite();

  const run = (options: string[] = [], settings: Record<string, string> = {}) =>
    new Promise<{ code: number; output: string; errors: string }>((resolve) => {
      const env = { TablesConnection: azurite.connectionString(), HASH_KEY, ...settings };
      const child = execFile(process.execPath, [COMMAND, ...options], { env }, (_error, output, errors) => {
        resolve({ code: child.exitCode ?? -1, output, errors });
      });
    });

  /** Lays out the tables and leaves one invitation that nobody will look at. */
  async function forgetOne() {
    const { tables } = await azurite.connect();
    await prepareTables(tables, { partitions: 16, hashKey: HASH_KEY });
    const who = somebody();
    await makeInvitations(tables, aPolicy()).create(who.invite());
    const [wakeUp = ''] = ofKind(await rowKeysOf(tables, who.partition), 'w');
    await tables.invitations.deleteEntity(who.partition, wakeUp);
    return { id: who.id(), wakeUp };
  }

  it('can’t read before the app has laid out its tables, and creates none', async () => {
    const { code, errors } = await run();
    expect({ code, errors }).toEqual({
      code: 2,
      errors: 'There is no table Invitations yet: the app lays it out when it first starts.\n',
    });
  });

  it('finds, mends, and finds nothing any more', async () => {
    const { id, wakeUp } = await forgetOne();
    const found = await run();
    expect(found).toMatchObject({ code: 1, output: expect.stringContaining(wakeUp) as string });
    expect(JSON.parse((await run(['--json'])).output)).toMatchObject({
      partitions: 16,
      findings: [{ type: 'wakeUpMissing', id, rowKey: wakeUp }],
    });
    const mended = await run(['--repair']);
    expect(mended).toMatchObject({ code: 0, output: expect.stringContaining('mended') as string });
    expect(await run()).toEqual({ code: 0, output: '16 partitions read: everything agrees.\n', errors: '' });
    expect(JSON.parse((await run(['--repair', '--json'])).output)).toEqual({ partitions: 16, findings: [] });
  });

  it('refuses to read with another HASH_KEY than the table was laid out with', async () => {
    await forgetOne();
    const { code, errors } = await run([], { HASH_KEY: 'quite another hash key' });
    expect({ code, errors }).toEqual({ code: 2, errors: expect.stringContaining('HASH_KEY is not the one') as string });
  });

  it('can’t read where nobody listens, and says so', async () => {
    const nobody = azurite.connectionString().replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1');
    const { code, errors } = await run([], { TablesConnection: nobody });
    expect({ code, errors }).toEqual({
      code: 2,
      errors: expect.stringContaining('Table Storage did not answer') as string,
    });
  });
});

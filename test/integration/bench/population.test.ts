import { policyOf } from '../../../shared/clients/policyOf';
import { partitionNames } from '../../../shared/domain/ids';
import { readSettings } from '../../../shared/settings';
import { findingsOf } from '../../../shared/tables/consistency';
import { tableClients } from '../../../shared/tables/openTables';
import { dueWakeUps } from '../../../shared/tables/wakeUps';
import { population } from '../../../bench/due/population';
import { load } from '../../../bench/tables/control';
import { type TableServer, startTableServer } from '../../../bench/tables/startTableServer';

const AT = '2026-03-02T09:00:00.000Z';
const settings = readSettings({
  AzureWebJobsStorage: 'none',
  TablesConnection: 'none',
  ServiceBusConnection: 'none',
  INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
  HASH_KEY: 'only for these tests',
});

describe('the open invitations of the benchmarks', () => {
  let server: TableServer;
  beforeAll(async () => {
    server = await startTableServer();
  });
  afterAll(() => server.close());

  it('are as the product would have left them, and only those are due that shall be', async () => {
    const everybody = [...population({ size: 300, due: 40, seed: 7, at: AT, settings })];
    await load(
      server.url,
      'Invitations',
      everybody.flatMap(({ entities }) => entities),
    );
    const tables = await tableClients({ type: 'connectionString', connectionString: server.connectionString });
    const [findings, sends, checks] = [[] as unknown[], [] as string[], [] as string[]];
    for (const partition of partitionNames(settings.PARTITIONS)) {
      findings.push(...(await findingsOf(tables, partition, policyOf(settings))));
      sends.push(
        ...(await dueWakeUps(tables, partition, 0, { until: '2026-03-02T09:59:00.000Z' }, 1000)).map(({ id }) => id),
      );
      checks.push(
        ...(await dueWakeUps(tables, partition, 1, { until: '2026-03-02T09:59:00.000Z' }, 1000)).map(({ id }) => id),
      );
    }
    expect(findings).toEqual([]);
    const due = everybody.slice(0, 40).map(({ invitationId }) => invitationId);
    expect([...sends, ...checks].sort()).toEqual(due.sort());
    expect(sends).toHaveLength(20);
  });

  it('are the same for the same seed, and others for another', () => {
    const made = (seed: number) => [...population({ size: 20, due: 4, seed, at: AT, settings })];
    expect(made(1)).toEqual(made(1));
    const ids = new Set(made(1).map(({ invitationId }) => invitationId));
    expect(made(2).filter(({ invitationId }) => ids.has(invitationId))).toEqual([]);
  });
});

import { TableClient } from '@azure/data-tables';
import { UNUSED_POLICIES, clientsOf, tableClients } from '../../../../shared/tables/openTables';

const CONNECTION = 'UseDevelopmentStorage=true';

const policiesOf = ({ pipeline }: TableClient): string[] => pipeline.getOrderedPolicies().map(({ name }) => name);

describe('the clients of all tables', () => {
  it('lack the parts of the SDK’s pipeline that do nothing for us, which its own client has', async () => {
    const theirs = policiesOf(TableClient.fromConnectionString(CONNECTION, 'Invitations'));
    expect(theirs).toEqual(expect.arrayContaining(UNUSED_POLICIES));
    const tables = await tableClients({ type: 'connectionString', connectionString: CONNECTION });
    for (const client of clientsOf(tables)) {
      const ours = policiesOf(client);
      expect(ours.filter((name) => UNUSED_POLICIES.includes(name))).toEqual([]);
      // What is left is what signs, retries and reads.
      expect(ours).toEqual(expect.arrayContaining(theirs.filter((name) => !UNUSED_POLICIES.includes(name))));
    }
  });
});

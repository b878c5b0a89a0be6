import { odata } from '@azure/data-tables';
import type { Tables } from './openTables';
import { calling } from './tablesError';

/** Which invitations name a directory user, whatever address they were sent to. */
export function makeInvitedUsers(tables: Tables) {
  const table = tables.invitedUsers;

  /** Idempotent; written before the outcome that names the user, so an invitation is never missing here. */
  const link = async (userId: string, invitationId: string): Promise<void> => {
    const entity = { partitionKey: userId, rowKey: invitationId };
    await calling('link user', () => table.upsertEntity(entity, 'Replace'));
  };

  const invitationsOf = (userId: string): Promise<string[]> =>
    calling('read links of a user', async () => {
      const filter = odata`PartitionKey eq ${userId}`;
      const ids: string[] = [];
      for await (const { rowKey } of table.listEntities<{ rowKey: string }>({ queryOptions: { filter } })) {
        ids.push(rowKey);
      }
      return ids;
    });

  return { link, invitationsOf };
}

export type InvitedUsers = ReturnType<typeof makeInvitedUsers>;

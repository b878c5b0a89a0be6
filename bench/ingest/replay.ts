import { RestError, TableClient } from '@azure/data-tables';
import { ServiceBusClient } from '@azure/service-bus';
import { DEFAULT_QUEUE } from '../../shared/triggerDefaults';
import { TABLES } from '../../shared/tables/openTables';
import type { Operation, TableName } from './operations';

export interface Replay {
  /** Does it all, one after the other; throws for whatever is refused. */
  perform: (operations: readonly Operation[]) => Promise<void>;
  close: () => Promise<void>;
}

/** What a script would write who knew beforehand what is to be written: Microsoft's clients as they come, and nothing else. */
export function makeReplay(tablesConnection: string, serviceBusConnection: string): Replay {
  const open = (name: string) =>
    TableClient.fromConnectionString(tablesConnection, name, { allowInsecureConnection: true });
  const tables = Object.fromEntries(Object.entries(TABLES).map(([key, name]) => [key, open(name)])) as Record<
    TableName,
    TableClient
  >;
  const bus = new ServiceBusClient(serviceBusConnection);
  const sender = bus.createSender(DEFAULT_QUEUE);

  const performOne = async (operation: Operation): Promise<unknown> => {
    switch (operation.type) {
      case 'transaction':
        return tables[operation.table].submitTransaction(operation.actions);
      case 'upsert':
        return tables[operation.table].upsertEntity(operation.entity, 'Replace');
      case 'read':
        return tables[operation.table].getEntity(operation.partitionKey, operation.rowKey).catch(unlessNotFound);
      case 'send':
        return sender.sendMessages(operation.messages);
    }
  };

  return {
    perform: async (operations) => {
      for (const operation of operations) await performOne(operation);
    },
    close: () => bus.close(),
  };
}

function unlessNotFound(error: unknown): undefined {
  if (!(error instanceof RestError && error.statusCode === 404)) throw error;
}

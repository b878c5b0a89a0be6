import type { TableEntity, TransactionAction } from '@azure/data-tables';
import type { ServiceBusMessage } from '@azure/service-bus';
import type { Tables } from '../../shared/tables/openTables';

export type TableName = Exclude<keyof Tables, 'clock'>;

/** One thing that the product asked of its tables or its queue. */
export type Operation =
  | { type: 'transaction'; table: TableName; actions: TransactionAction[] }
  /** An entity by itself, whatever was there. */
  | { type: 'upsert'; table: TableName; entity: TableEntity }
  | { type: 'read'; table: TableName; partitionKey: string; rowKey: string }
  | { type: 'send'; messages: ServiceBusMessage[] };

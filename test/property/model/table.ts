import type { TransactionAction } from '@azure/data-tables';
import type { Answer, TableName } from './effects';

/** Every stored entity by table, partition and row; `version` is its ETag. */
export type Rows = ReadonlyMap<string, Row>;

export interface Row {
  version: number;
  entity: Record<string, unknown>;
}

export const addressOf = (table: TableName, partitionKey: string, rowKey: string): string =>
  `${table}/${partitionKey}/${rowKey}`;

export const rowKeyOf = (address: string): string => address.slice(address.lastIndexOf('/') + 1);

export const etagOf = (row: Row): string => `W/"${row.version}"`;

export function read(rows: Rows, address: string): Answer {
  const row = rows.get(address);
  return row ? { type: 'value', value: { ...row.entity, etag: etagOf(row) } } : { type: 'refused', status: 404 };
}

/** Entities whose address begins like that, in the order of their keys. */
export function list(rows: Rows, prefix: string): Answer {
  const found = [...rows].filter(([address]) => address.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  return { type: 'value', value: found.map(([, row]) => ({ ...row.entity, etag: etagOf(row) })) };
}

/**
 * One entity-group transaction as Azure Tables does it (tried on Azurite, see test/integration/tables): all or nothing;
 * 409 for a create that meets something, 404 for an update or delete that meets nothing, 412 for another's ETag.
 */
export function write(rows: Rows, table: TableName, actions: TransactionAction[]): { rows: Rows; answer: Answer } {
  const after = new Map(rows);
  const subResponses: { etag?: string }[] = [];
  for (const action of actions) {
    const [, entity] = action;
    const address = addressOf(table, entity.partitionKey, entity.rowKey);
    const status = refusalOf(action, after.get(address));
    if (status !== undefined) return { rows, answer: { type: 'refused', status } };
    if (action[0] === 'delete') {
      after.delete(address);
      subResponses.push({});
    } else {
      const row = { version: (after.get(address)?.version ?? 0) + 1, entity: { ...entity } };
      // Nothing here reads history back, and its times would keep apart what behaves alike.
      if (!entity.rowKey.startsWith('h-')) after.set(address, row);
      subResponses.push({ etag: etagOf(row) });
    }
  }
  return { rows: after, answer: { type: 'value', value: { subResponses } } };
}

function refusalOf(action: TransactionAction, row: Row | undefined): number | undefined {
  switch (action[0]) {
    case 'create':
      return row ? 409 : undefined;
    case 'delete':
      return row ? undefined : 404;
    case 'update':
      if (!row) return 404;
      return action[3]?.etag === etagOf(row) ? undefined : 412;
    case 'upsert':
      return undefined;
  }
}

import type { TransactionAction } from '@azure/data-tables';

export interface TransactionPlace {
  /** Of the table, without a query. */
  tableUrl: string;
  /** Boundaries: what no entity holds, a UUID each. */
  batch: string;
  changeset: string;
}

const LINE = '\r\n';

/**
 * The body of an entity-group transaction, byte for byte as `TableClient.submitTransaction` writes it: a test holds the two
 * together. Throws a TypeError for a property that is neither text, number, boolean nor bytes: no entity of ours has one.
 * @see https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */
export function transactionText(actions: readonly TransactionAction[], place: TransactionPlace): string {
  const { batch, changeset } = place;
  const parts = actions.map((action) => partOf(action, place));
  const head = lines(`--batch_${batch}`, `content-type: multipart/mixed; boundary=changeset_${changeset}`, '', '');
  return lines(head, ...parts, `--changeset_${changeset}--`, `--batch_${batch}--`, '');
}

const lines = (...texts: string[]): string => texts.join(LINE);

function partOf(action: TransactionAction, { tableUrl, changeset }: TransactionPlace): string {
  const { method, url, headers, body } = requestOf(action, tableUrl);
  return lines(
    `--changeset_${changeset}`,
    'content-type: application/http',
    'content-transfer-encoding: binary',
    '',
    `${method} ${url} HTTP/1.1`,
    ...headers,
    LINE,
    ...(body === undefined ? [] : [body]),
  );
}

interface PartRequest {
  method: string;
  url: string;
  headers: readonly string[];
  body?: string;
}

function requestOf(action: TransactionAction, tableUrl: string): PartRequest {
  const [type, entity] = action;
  const url = type === 'create' ? tableUrl : `${tableUrl}(${keyOf(entity)})`;
  switch (type) {
    case 'create':
      return { method: 'POST', url, headers: CREATE, body: entityText(entity) };
    case 'delete':
      return { method: 'DELETE', url, headers: DELETE };
    case 'upsert':
      return { method: methodOf(action[2]), url, headers: PUT, body: entityText(entity) };
    case 'update': {
      const ifMatch = `If-Match: ${action[3]?.etag ?? '*'}`;
      return { method: methodOf(action[2]), url, headers: [...PUT, ifMatch], body: entityText(entity) };
    }
  }
}

const CREATE = [
  'Content-Type: application/json;odata=nometadata',
  'Accept: application/json;odata=minimalmetadata',
  'DataServiceVersion: 3.0',
  'Prefer: return-no-content',
];
const PUT = ['Content-Type: application/json', 'DataServiceVersion: 3.0', 'Accept: application/json'];
const DELETE = ['Accept: application/json;odata=minimalmetadata', 'DataServiceVersion: 3.0', 'If-Match: *'];

const methodOf = (mode: 'Merge' | 'Replace' = 'Merge'): string => (mode === 'Replace' ? 'PUT' : 'PATCH');

const keyOf = ({ partitionKey, rowKey }: Keys): string =>
  `PartitionKey='${keyText(partitionKey)}',RowKey='${keyText(rowKey)}'`;

interface Keys {
  partitionKey: string;
  rowKey: string;
}

/** Quotes are doubled in OData. */
const keyText = (key: string): string => encodeURIComponent(key.replaceAll("'", "''"));

/** Whoever reads an entity and writes it again hands in what Tables calls by names of its own. */
const NAMES: Partial<Record<string, string>> = {
  partitionKey: 'PartitionKey',
  rowKey: 'RowKey',
  etag: 'odata.etag',
  timestamp: 'Timestamp',
};
const WRITABLE = new Set(['string', 'number', 'boolean', 'undefined']);

function entityText(entity: object): string {
  const written: Record<string, unknown> = {};
  for (const [property, value] of Object.entries(entity) as [string, unknown][]) {
    const name = NAMES[property] ?? property;
    if (value instanceof Uint8Array) {
      written[name] = Buffer.from(value).toString('base64');
      written[`${name}@odata.type`] = 'Edm.Binary';
    } else if (WRITABLE.has(typeof value)) {
      written[name] = value;
    } else {
      throw new TypeError(`${property} is of type ${typeof value}: no transaction of ours has one.`);
    }
  }
  return JSON.stringify(written);
}

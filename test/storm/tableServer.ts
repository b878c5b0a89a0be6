import { RestError, type TransactionAction } from '@azure/data-tables';

/** An entity as it is kept: keys, properties, ETag. */
export type Entity = Record<string, unknown> & { partitionKey: string; rowKey: string; etag: string };

type Written = { partitionKey: string; rowKey: string };

export type TableServer = ReturnType<typeof makeTableServer>;
export type StoredTable = ReturnType<typeof makeTable>;

/** The table server: what it keeps and its own clock, which can be set. Answers at once; the way there is the client's. */
export function makeTableServer(nowMs: () => number) {
  let aheadMs = 0;
  return {
    nowMs: () => nowMs() + aheadMs,
    jump: (ms: number) => void (aheadMs += ms),
    tables: {
      invitations: makeTable(),
      idempotencyKeys: makeTable(),
      invitedUsers: makeTable(),
      gates: makeTable(),
      subscriptions: makeTable(),
      webhooks: makeTable(),
      sourceLinks: makeTable(),
    },
  };
}

/**
 * One table with the rules that the workflow rests on, as Azurite shows them (test/integration/tables): 404, 409 and 412,
 * ETags, and transactions of at most 100 entities of one partition that change all or nothing.
 */
function makeTable() {
  const partitions = new Map<string, Map<string, Entity>>();
  let written = 0;

  const find = (partitionKey: string, rowKey: string) => partitions.get(partitionKey)?.get(rowKey);

  const get = (partitionKey: string, rowKey: string): Entity => {
    const found = find(partitionKey, rowKey);
    if (!found) throw refusal(404, 'ResourceNotFound');
    return { ...found };
  };

  const store = (entity: Written): string => {
    written += 1;
    const etag = `W/"${written}"`;
    const rows = partitions.get(entity.partitionKey) ?? new Map<string, Entity>();
    partitions.set(entity.partitionKey, rows.set(entity.rowKey, { ...entity, etag }));
    return etag;
  };

  /** Throws what the server would answer, and changes nothing. */
  const check = ([type, entity, , options]: TransactionAction): void => {
    const found = find(keysOf(entity).partitionKey, keysOf(entity).rowKey);
    if (type === 'create' && found) throw refusal(409, 'EntityAlreadyExists');
    if ((type === 'update' || type === 'delete') && !found) throw refusal(404, 'ResourceNotFound');
    const wanted = type === 'update' ? (options?.etag ?? '*') : '*';
    if (type === 'update' && wanted !== '*' && wanted !== found?.etag)
      throw refusal(412, 'UpdateConditionNotSatisfied');
  };

  const apply = ([type, entity, mode]: TransactionAction): string | undefined => {
    if ((type === 'update' || type === 'upsert') && mode !== 'Replace')
      throw new Error('Only Replace is stood in for.');
    const { partitionKey, rowKey } = keysOf(entity);
    if (type !== 'delete') return store({ ...entity, partitionKey, rowKey });
    partitions.get(partitionKey)?.delete(rowKey);
    return undefined;
  };

  /** All or nothing; gives the ETags in the order of the actions. */
  const submit = (actions: TransactionAction[]): (string | undefined)[] => {
    const keys = actions.map(([, entity]) => keysOf(entity));
    const isOnePartition = new Set(keys.map(({ partitionKey }) => partitionKey)).size === 1;
    if (!isOnePartition || new Set(keys.map(({ rowKey }) => rowKey)).size !== keys.length || keys.length > 100) {
      throw refusal(400, 'InvalidInput');
    }
    actions.forEach(check);
    return actions.map(apply);
  };

  /** In the order of RowKeys. */
  const query = (filter: string): Entity[] => {
    const { partitionKey, from, before } = rangeOf(filter);
    return [...(partitions.get(partitionKey)?.values() ?? [])]
      .filter(({ rowKey }) => rowKey >= from && (before === undefined || rowKey < before))
      .sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  };

  const all = (): Entity[] => [...partitions.values()].flatMap((rows) => [...rows.values()]);

  return { get, submit, query, all };
}

const refusal = (statusCode: number, code: string): RestError => new RestError(code, { statusCode, code });

const keysOf = ({ partitionKey, rowKey }: TransactionAction[1]): Written => ({ partitionKey, rowKey });

/** Sorts before every character that a key may hold. */
const BEHIND = '\u0000';
const CLAUSE = /^(PartitionKey|RowKey) (eq|ge|gt|lt) '((?:[^']|'')*)'$/;

/** The filters that the workflow uses: one partition, and at most one range of RowKeys. */
function rangeOf(filter: string): { partitionKey: string; from: string; before: string | undefined } {
  const values = new Map<string, string>();
  for (const clause of filter.split(' and ')) {
    const [, name, operator, text] = CLAUSE.exec(clause) ?? [];
    if (name === undefined || text === undefined) throw new Error(`Not stood in for: ${filter}`);
    values.set(`${name} ${String(operator)}`, text.replaceAll("''", "'"));
  }
  const partitionKey = values.get('PartitionKey eq');
  if (partitionKey === undefined) throw new Error(`A scan of the whole table: ${filter}`);
  const after = values.get('RowKey gt');
  const from = after === undefined ? (values.get('RowKey ge') ?? '') : after + BEHIND;
  return { partitionKey, from, before: values.get('RowKey lt') };
}

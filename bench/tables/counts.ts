export type Operation =
  'createTable' | 'deleteTable' | 'get' | 'query' | 'insert' | 'update' | 'upsert' | 'delete' | 'transaction' | 'load';

export interface OperationCounts {
  requests: number;
  /** Of the requests, those answered with an error; in a transaction one for all. */
  refused: number;
  /** Entities that the server had to look at to answer a get or a query, whether they matched or not. */
  entitiesRead: number;
  entitiesWritten: number;
  entitiesReturned: number;
}

/** By table, then by operation; nothing for what was not asked for. */
export type Counts = Record<string, Partial<Record<Operation, OperationCounts>>>;

/** One that nobody has counted in yet. */
const none = (): OperationCounts => ({
  requests: 0,
  refused: 0,
  entitiesRead: 0,
  entitiesWritten: 0,
  entitiesReturned: 0,
});

export type Counter = ReturnType<typeof makeCounter>;

export function makeCounter() {
  let counts: Counts = {};
  return {
    of: (table: string, operation: Operation): OperationCounts => ((counts[table] ??= {})[operation] ??= none()),
    all: (): Counts => counts,
    reset: () => void (counts = {}),
  };
}

/** The sum of what was counted, of all tables and operations unless told. */
export function sumOf(counts: Counts, table?: string, operation?: Operation): OperationCounts {
  const sum = none();
  for (const [name, operations] of Object.entries(counts)) {
    if (table !== undefined && name !== table) continue;
    for (const [each, counted] of Object.entries(operations)) {
      if (operation !== undefined && each !== operation) continue;
      for (const key of Object.keys(sum) as (keyof OperationCounts)[]) sum[key] += counted[key];
    }
  }
  return sum;
}

import { type Counter, type Operation, type OperationCounts, makeCounter } from './counts';
import { type WireEntity, mergedText, propertiesOf, propertiesText } from './entityText';
import { type Filter, keyOf, keysOf } from './filter';
import { literalOf } from './filterTokens';
import { type SortedMap, makeSortedMap } from './sortedMap';
import { etagOf, makeStamps, timestampOf } from './stamps';
import { TableError } from './tableError';

/** An entity as it is kept; its keys are the map's. */
export interface Stored {
  /** See stamps.ts: Timestamp and ETag. */
  stamp: number;
  /** See entityText.ts: the properties. */
  text: string;
}

export interface Found extends Stored {
  key: string;
}

type Keys = Pick<WireEntity, 'PartitionKey' | 'RowKey'>;

/** A single write, or one of a transaction. Without `ifMatch`, replace and merge insert what is not there. */
export type Write =
  | { type: 'insert'; entity: WireEntity; body?: string }
  | { type: 'replace' | 'merge'; entity: WireEntity; body?: string; ifMatch?: string }
  | { type: 'delete'; entity: Keys; ifMatch: string };

export interface Page {
  entities: Found[];
  /** The key of the next one in the range, whether it matches or not. */
  next: string | undefined;
}

const MOST_A_PAGE = 1000;
/** https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions */
const MOST_A_TRANSACTION = 100;

export type TableStore = ReturnType<typeof makeTableStore>;

/** The tables and what may be done to them; every method counts. Methods throw TableError. */
export function makeTableStore(counter: Counter = makeCounter(), stampOf = makeStamps()) {
  const tables = new Map<string, SortedMap<Stored>>();

  const tableOf = (name: string): SortedMap<Stored> => {
    const table = tables.get(name);
    if (!table) throw new TableError('TableNotFound');
    return table;
  };

  /** Counts a request and whether it was refused. */
  const counting = <T>(name: string, operation: Operation, work: (counts: OperationCounts) => T): T => {
    const counts = counter.of(name, operation);
    counts.requests += 1;
    try {
      return work(counts);
    } catch (error) {
      counts.refused += 1;
      throw error;
    }
  };

  const create = (name: string): void =>
    counting(name, 'createTable', () => {
      if (tables.has(name)) throw new TableError('TableAlreadyExists');
      tables.set(name, makeSortedMap<Stored>());
    });

  const drop = (name: string): void =>
    counting(name, 'deleteTable', () => {
      if (!tables.delete(name)) throw new TableError('ResourceNotFound');
    });

  const get = (name: string, partitionKey: string, rowKey: string): Found =>
    counting(name, 'get', (counts) => {
      const key = keyOf(partitionKey, rowKey);
      const found = tableOf(name).get(key);
      if (!found) throw new TableError('ResourceNotFound');
      counts.entitiesRead += 1;
      counts.entitiesReturned += 1;
      return { key, ...found };
    });

  /** `after`: where the answer before said that the next one begins. */
  const query = (name: string, filter: Filter, top = MOST_A_PAGE, after?: string): Page =>
    counting(name, 'query', (counts) => {
      const entities: Found[] = [];
      const from = after !== undefined && after > filter.from ? after : filter.from;
      let next: string | undefined;
      for (const [key, stored] of tableOf(name).entriesFrom(from)) {
        if (filter.before !== undefined && key >= filter.before) break;
        if (entities.length >= top) {
          next = key;
          break;
        }
        counts.entitiesRead += 1;
        if (isMatch(filter, key, stored)) entities.push({ key, ...stored });
      }
      counts.entitiesReturned += entities.length;
      return { entities, next };
    });

  const write = (name: string, change: Write): string | undefined =>
    counting(name, operationOf(change), (counts) => {
      const table = tableOf(name);
      check(table, change);
      counts.entitiesWritten += 1;
      return apply(table, change);
    });

  /** All or nothing; gives the ETags in the order of the writes. */
  const transact = (name: string, changes: Write[]): (string | undefined)[] =>
    counting(name, 'transaction', (counts) => {
      const table = tableOf(name);
      if (changes.length > MOST_A_TRANSACTION) throw new TableError('InvalidInput', MOST_A_TRANSACTION);
      const seen = new Set<string>();
      changes.forEach((change, index) => {
        checkPlace(change, changes[0]?.entity.PartitionKey, seen, index);
        check(table, change, index);
      });
      counts.entitiesWritten += changes.length;
      return changes.map((change) => apply(table, change));
    });

  const apply = (table: SortedMap<Stored>, change: Write): string | undefined => {
    const key = keyOf(change.entity.PartitionKey, change.entity.RowKey);
    if (change.type === 'delete') {
      table.remove(key);
      return undefined;
    }
    const there = change.type === 'merge' ? table.get(key) : undefined;
    const text = there ? mergedText(there.text, change.entity) : propertiesText(change.entity, change.body);
    const stamp = stampOf();
    table.set(key, { stamp, text });
    return etagOf(stamp);
  };

  /** Puts entities there as they are, over those that were there: fills a table faster than anybody could write it. */
  const load = (name: string, entities: Iterable<{ entity: WireEntity; body: string }>): void => {
    const counts = counter.of(name, 'load');
    const table = tables.get(name) ?? makeSortedMap<Stored>();
    tables.set(name, table);
    for (const { entity, body } of entities) {
      counts.entitiesWritten += 1;
      const stored = { stamp: stampOf(), text: propertiesText(entity, body) };
      table.set(keyOf(entity.PartitionKey, entity.RowKey), stored);
    }
  };

  const sizes = () => Object.fromEntries([...tables].map(([name, table]) => [name, table.size()]));

  return { create, drop, get, query, write, transact, load, sizes, counter };
}

/** Throws what the server answers instead of doing it. */
function check(table: SortedMap<Stored>, change: Write, index?: number): void {
  const found = table.get(keyOf(change.entity.PartitionKey, change.entity.RowKey));
  if (change.type === 'insert') {
    if (found) throw new TableError('EntityAlreadyExists', index);
    return;
  }
  if (change.ifMatch === undefined) return;
  if (!found) throw new TableError('ResourceNotFound', index);
  if (change.ifMatch !== '*' && change.ifMatch !== etagOf(found.stamp)) {
    throw new TableError('UpdateConditionNotSatisfied', index);
  }
}

/** In a transaction: one partition, and each entity once. */
function checkPlace({ entity }: Write, partitionKey: string | undefined, seen: Set<string>, index: number): void {
  if (entity.PartitionKey !== partitionKey) throw new TableError('CommandsInBatchActOnDifferentPartitions', index);
  if (seen.has(entity.RowKey)) throw new TableError('InvalidDuplicateRow', index);
  seen.add(entity.RowKey);
}

function operationOf(change: Write): 'insert' | 'update' | 'upsert' | 'delete' {
  if (change.type === 'insert' || change.type === 'delete') return change.type;
  return change.ifMatch === undefined ? 'upsert' : 'update';
}

function isMatch({ matches }: Filter, key: string, { text, stamp }: Stored): boolean {
  if (!matches) return true;
  const [PartitionKey, RowKey] = keysOf(key);
  let properties: Record<string, unknown> | undefined;
  return matches((name) => {
    if (name === 'PartitionKey') return { type: 'string', value: PartitionKey };
    if (name === 'RowKey') return { type: 'string', value: RowKey };
    if (name === 'Timestamp') return literalOf(timestampOf(stamp), 'Edm.DateTime');
    properties ??= propertiesOf(text);
    return literalOf(properties[name], properties[`${name}@odata.type`]);
  });
}

import { parseFilter } from '../../../../bench/tables/filter';
import { sumOf } from '../../../../bench/tables/counts';
import { TableError } from '../../../../bench/tables/tableError';
import { makeTableStore } from '../../../../bench/tables/tableStore';

const PARTITION = 'p';
const entityOf = (RowKey: string, more: Record<string, unknown> = {}) => ({ PartitionKey: PARTITION, RowKey, ...more });

function storeWith(rowKeys: string[]) {
  const store = makeTableStore();
  store.create('Things');
  for (const rowKey of rowKeys)
    store.write('Things', { type: 'insert', entity: entityOf(rowKey, { n: rowKey.length }) });
  store.counter.reset();
  return store;
}

const refusalOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof TableError ? error.code : error;
  }
};

describe('what the table server counts', () => {
  it('reads no entity beside the range of keys that a query asks for', () => {
    const store = storeWith(['a', 'b1', 'b2', 'b3', 'c']);
    const page = store.query('Things', parseFilter("PartitionKey eq 'p' and RowKey ge 'b' and RowKey lt 'c'"));
    expect(page.entities.map(({ key }) => key)).toEqual(['p\u0000b1', 'p\u0000b2', 'p\u0000b3']);
    expect(store.counter.all()['Things']?.query).toEqual({
      requests: 1,
      refused: 0,
      entitiesRead: 3,
      entitiesWritten: 0,
      entitiesReturned: 3,
    });
  });

  it('reads each entity of the range where a property decides', () => {
    const store = storeWith(['b1', 'b22', 'b3', 'c']);
    store.query('Things', parseFilter("PartitionKey eq 'p' and RowKey lt 'c' and n eq 3"));
    expect(store.counter.all()['Things']?.query).toMatchObject({ entitiesRead: 3, entitiesReturned: 1 });
  });

  it('reads the whole table where no partition is named', () => {
    const store = storeWith(['a', 'b', 'c']);
    store.query('Things', parseFilter("RowKey eq 'b'"));
    expect(store.counter.all()['Things']?.query).toMatchObject({ entitiesRead: 3, entitiesReturned: 1 });
  });

  it('reads a page and nothing behind it, and tells where it goes on', () => {
    const store = storeWith(['a', 'b', 'c']);
    const page = store.query('Things', parseFilter("PartitionKey eq 'p'"), 2);
    expect(page.next).toBe('p\u0000c');
    expect(store.query('Things', parseFilter("PartitionKey eq 'p'"), 2, page.next).entities).toHaveLength(1);
    expect(sumOf(store.counter.all())).toMatchObject({ requests: 2, entitiesRead: 3, entitiesReturned: 3 });
  });

  it('counts what it writes, and a refusal as no write', () => {
    const store = storeWith(['a']);
    store.transact('Things', [
      { type: 'insert', entity: entityOf('b') },
      { type: 'delete', entity: entityOf('a'), ifMatch: '*' },
    ]);
    expect(refusalOf(() => store.write('Things', { type: 'insert', entity: entityOf('b') }))).toBe(
      'EntityAlreadyExists',
    );
    expect(store.counter.all()['Things']).toMatchObject({
      transaction: { requests: 1, refused: 0, entitiesWritten: 2 },
      insert: { requests: 1, refused: 1, entitiesWritten: 0 },
    });
  });
});

describe('a transaction', () => {
  it.each([
    ['UpdateConditionNotSatisfied', { type: 'replace' as const, entity: entityOf('a'), ifMatch: 'W/"old"' }],
    ['EntityAlreadyExists', { type: 'insert' as const, entity: entityOf('a') }],
    ['ResourceNotFound', { type: 'delete' as const, entity: entityOf('gone'), ifMatch: '*' }],
    ['InvalidDuplicateRow', { type: 'insert' as const, entity: entityOf('new') }],
    [
      'CommandsInBatchActOnDifferentPartitions',
      { type: 'insert' as const, entity: { PartitionKey: 'other', RowKey: 'x' } },
    ],
  ])('leaves everything as it was when one of it is refused with %s', (code, hindered) => {
    const store = storeWith(['a']);
    const first = { type: 'insert' as const, entity: entityOf('new') };
    expect(refusalOf(() => store.transact('Things', [first, hindered]))).toBe(code);
    expect(store.sizes()).toEqual({ Things: 1 });
  });

  it('takes a hundred entities and no more', () => {
    const store = storeWith([]);
    const inserts = Array.from({ length: 101 }, (_, index) => ({
      type: 'insert' as const,
      entity: entityOf(String(index)),
    }));
    expect(refusalOf(() => store.transact('Things', inserts))).toBe('InvalidInput');
    expect(store.transact('Things', inserts.slice(0, 100))).toHaveLength(100);
  });
});

describe('the limits of an entity', () => {
  it.each([
    ['PropertyValueTooLarge', { s: 'x'.repeat(32_769) }],
    ['EntityTooLarge', Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`s${n}`, 'x'.repeat(32_768)]))],
    ['TooManyProperties', Object.fromEntries(Array.from({ length: 253 }, (_, n) => [`n${n}`, n]))],
  ])('are kept: %s', (code, properties) => {
    const store = storeWith([]);
    expect(refusalOf(() => store.write('Things', { type: 'insert', entity: entityOf('a', properties) }))).toBe(code);
  });
});

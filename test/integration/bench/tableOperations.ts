import fc from 'fast-check';

/** Keys few enough that they meet again, with characters that need escaping somewhere. */
const rowKey = fc.constantFrom('a', 'b', "o'r", 'ü-ß', 'a b%', '(1)', 'i-00-11', 'zz');
const partitionKey = fc.constantFrom('p', "p'2");
const text = fc.string({ maxLength: 12 }).filter((each) => !/[\u2028\u2029]/.test(each));
const any = fc.oneof(
  text,
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.boolean(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0.5, -1.25, null, new Date('2026-01-02T03:04:05.678Z'), new Uint8Array([0, 1, 255])),
  fc.constant({ type: 'Guid', value: '0f1e2d3c-0000-4000-8000-000000000000' }),
  fc.constant({ type: 'Double', value: '3' }),
);
/** Filters compare `s`, `n` and `b`, each of one type: Azurite compares across types as JavaScript does, Azure does not. */
const properties = fc.record(
  { s: text, n: fc.integer({ min: -9, max: 9 }), b: fc.boolean(), x: any, state: any },
  { requiredKeys: [] },
);
const mode = fc.constantFrom('Merge' as const, 'Replace' as const);
/** Which ETag is sent: whatever is there, the one that was last given for that entity, or an older one. */
const etag = fc.constantFrom('*' as const, 'last' as const, 'stale' as const);

const write = fc.oneof(
  fc.record({ type: fc.constant('create' as const), rowKey, properties }),
  fc.record({ type: fc.constant('upsert' as const), rowKey, properties, mode }),
  fc.record({ type: fc.constant('update' as const), rowKey, properties, mode, etag }),
  fc.record({ type: fc.constant('delete' as const), rowKey, etag }),
);
export type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;

const clause = fc.oneof(
  fc
    .tuple(fc.constantFrom('eq', 'ne', 'ge', 'gt', 'le', 'lt'), rowKey)
    .map(([operator, key]) => `RowKey ${operator} '${key.replaceAll("'", "''")}'`),
  fc.constantFrom('n ge 0', 'b eq true', "s ge 'a'", 'not (n eq 1)', "(s eq 'a' or n lt 5)", 'n gt 5'),
);
const filter = fc
  .tuple(fc.option(partitionKey), fc.array(clause, { maxLength: 3 }))
  .map(([partition, clauses]) =>
    [...(partition === null ? [] : [`PartitionKey eq '${partition.replaceAll("'", "''")}'`]), ...clauses].join(' and '),
  );

/** Properties that a list asks for. */
const SELECTS: ('PartitionKey' | 'RowKey' | 'x')[][] = [['RowKey'], ['PartitionKey', 'RowKey'], ['RowKey', 'x']];

/** One request of a client. */
export const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('write' as const), partitionKey, write }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('transaction' as const),
      partitionKey,
      writes: fc.array(write, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('get' as const), partitionKey, rowKey }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('list' as const),
      filter,
      maxPageSize: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      select: fc.option(fc.constantFrom(...SELECTS), { nil: undefined }),
    }),
  },
);
export type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

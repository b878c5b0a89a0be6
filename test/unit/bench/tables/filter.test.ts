import { keyOf, parseFilter } from '../../../../bench/tables/filter';
import { literalOf } from '../../../../bench/tables/filterTokens';

const matches = (filter: string, properties: Record<string, unknown>): boolean =>
  parseFilter(filter).matches?.((name) => literalOf(properties[name], properties[`${name}@odata.type`])) ?? true;

describe('filter', () => {
  it.each([
    ["PartitionKey eq 'a'", keyOf('a', ''), 'a\u0001'],
    ["PartitionKey eq 'a' and RowKey ge 'b' and RowKey lt 'c'", keyOf('a', 'b'), keyOf('a', 'c')],
    ["(RowKey gt 'b' and RowKey le 'c') and PartitionKey eq 'a'", keyOf('a', 'b\u0000'), keyOf('a', 'c\u0000')],
    ["PartitionKey eq 'o''r' and RowKey eq 'x'", keyOf("o'r", 'x'), keyOf("o'r", 'x\u0000')],
    ["PartitionKey eq 'a' and RowKey ge 'b' and RowKey ge 'd' and RowKey lt 'c'", keyOf('a', 'd'), keyOf('a', 'c')],
  ])('makes a range of %s and looks at nothing else', (filter, from, before) => {
    expect(parseFilter(filter)).toEqual({ from, before, matches: undefined });
  });

  it.each(["RowKey ge 'b'", "PartitionKey eq 'a' or PartitionKey eq 'b'", "not (PartitionKey eq 'a')"])(
    'reads the whole table for %s',
    (filter) => {
      expect(parseFilter(filter)).toMatchObject({
        from: '',
        before: undefined,
        matches: expect.any(Function) as unknown,
      });
    },
  );

  it.each<[string, Record<string, unknown>, boolean]>([
    ['n ge 1 and n lt 3', { n: 2 }, true],
    ['n ge 1 and n lt 3', { n: 3 }, false],
    ['n eq 12L', { n: '12', 'n@odata.type': 'Edm.Int64' }, true],
    ['n gt 9007199254740992L', { n: '9007199254740993', 'n@odata.type': 'Edm.Int64' }, true],
    ['n ne 12L', { n: 12 }, false],
    ["s eq 'it''s'", { s: "it's" }, true],
    ["s eq 'a' or s eq 'b'", { s: 'b' }, true],
    ["not (s eq 'a')", { s: 'a' }, false],
    ["not (s eq 'a')", {}, true],
    ["s ne 'a'", {}, false],
    ['b eq true', { b: true }, true],
    ["d lt datetime'2026-01-01T00:00:00Z'", { d: '2025-12-31T23:59:59Z', 'd@odata.type': 'Edm.DateTime' }, true],
    ["g eq guid'0F1E2D3C-0000-4000-8000-000000000000'", guid(), true],
    ['a eq 1 or b eq 2 and c eq 3', { a: 1 }, true],
    ['n eq 1', { n: '1' }, false],
  ])('%s of %p is %p', (filter, properties, expected) => {
    expect(matches(filter, properties)).toBe(expected);
  });

  it.each(["PartitionKey eq 'a", 'n like 1', 'n eq', '(n eq 1', 'n eq 1 n eq 2'])('refuses %s', (filter) => {
    expect(() => parseFilter(filter)).toThrow('One of the request inputs is not valid.');
  });
});

function guid(): Record<string, unknown> {
  return { g: '0f1e2d3c-0000-4000-8000-000000000000', 'g@odata.type': 'Edm.Guid' };
}

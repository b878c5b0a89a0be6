import { type Condition, holds, parseCondition } from './condition';
import type { Literal } from './filterTokens';

/** What a filter says of an entity's keys and properties. */
export interface Filter {
  /** All that match lie in `from` ≤ key < `before`, where a key is `keyOf(PartitionKey, RowKey)`. */
  from: string;
  before: string | undefined;
  /** Undefined where every entity in the range matches: then none of their properties is looked at. */
  matches: ((valueOf: (name: string) => Literal | undefined) => boolean) | undefined;
}

/** Between partition and row: below every character that a key may hold, so keys sort as the service sorts them. */
const BETWEEN = '\u0000';
/** The next character after it: ends a partition. */
const BEHIND = '\u0001';

export const keyOf = (partitionKey: string, rowKey: string): string => partitionKey + BETWEEN + rowKey;

export const keysOf = (key: string): [partitionKey: string, rowKey: string] => {
  const at = key.indexOf(BETWEEN);
  return [key.slice(0, at), key.slice(at + 1)];
};

/**
 * Understands `$filter`: comparisons of properties with literals, and, or, not and brackets.
 * https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities
 *
 * @throws TableError InvalidInput
 */
export function parseFilter(text: string): Filter {
  const condition = text === '' ? undefined : parseCondition(text);
  if (!condition) return { from: '', before: undefined, matches: undefined };
  const clauses = condition.type === 'and' ? condition.parts : [condition];
  const partition = clauses.find((each) => isOnKey(each, 'PartitionKey', 'eq'));
  if (partition?.type !== 'compare') return { from: '', before: undefined, matches: matcher([condition]) };
  const partitionKey = String(partition.literal.value);
  let [from, before] = [keyOf(partitionKey, ''), partitionKey + BEHIND];
  const rest: Condition[] = [];
  for (const clause of clauses) {
    if (clause === partition) continue;
    const bounds = boundsOf(clause, partitionKey);
    if (!bounds) rest.push(clause);
    else if (bounds.from !== undefined && bounds.from > from) from = bounds.from;
    if (bounds?.before !== undefined && bounds.before < before) before = bounds.before;
  }
  return { from, before, matches: rest.length === 0 ? undefined : matcher(rest) };
}

const isOnKey = (condition: Condition, key: string, operator?: string): boolean =>
  condition.type === 'compare' &&
  condition.name === key &&
  condition.literal.type === 'string' &&
  (operator === undefined || condition.operator === operator);

/** The range that a comparison of the RowKey leaves; undefined where it leaves none, such as `ne`. */
function boundsOf(clause: Condition, partitionKey: string): { from?: string; before?: string } | undefined {
  if (clause.type !== 'compare' || !isOnKey(clause, 'RowKey')) return undefined;
  const at = keyOf(partitionKey, String(clause.literal.value));
  const behind = at + BETWEEN;
  switch (clause.operator) {
    case 'eq':
      return { from: at, before: behind };
    case 'ge':
      return { from: at };
    case 'gt':
      return { from: behind };
    case 'lt':
      return { before: at };
    case 'le':
      return { before: behind };
    default:
      return undefined;
  }
}

const matcher =
  (conditions: Condition[]) =>
  (valueOf: (name: string) => Literal | undefined): boolean =>
    conditions.every((condition) => holds(condition, valueOf));

import { type Literal, type Token, tokensOf } from './filterTokens';
import { TableError } from './tableError';

const OPERATORS = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);

/** What `$filter` says, as a tree. */
export type Condition =
  | { type: 'compare'; name: string; operator: string; literal: Literal }
  | { type: 'and' | 'or'; parts: Condition[] }
  | { type: 'not'; part: Condition };

/** @throws TableError InvalidInput */
export function parseCondition(text: string): Condition {
  const tokens = tokensOf(text);
  let at = 0;
  const isNext = (word: string): boolean => {
    const token = tokens[at];
    if (token?.type !== 'word' || token.text !== word) return false;
    at += 1;
    return true;
  };
  const take = <T extends Token['type']>(type: T): Extract<Token, { type: T }> => {
    const token = tokens[at];
    at += 1;
    if (token?.type !== type) throw new TableError('InvalidInput');
    return token as Extract<Token, { type: T }>;
  };

  const joined = (type: 'and' | 'or', next: () => Condition): Condition => {
    const parts = [next()];
    while (isNext(type)) parts.push(next());
    const [only] = parts;
    // `(a and b) and c` is one list: the bounds of keys are looked for there.
    return parts.length === 1 && only
      ? only
      : { type, parts: parts.flatMap((part) => (part.type === type ? part.parts : [part])) };
  };
  const either = (): Condition => joined('or', both);
  const both = (): Condition => joined('and', single);
  const single = (): Condition => {
    if (isNext('not')) return { type: 'not', part: single() };
    if (isNext('(')) {
      const inner = either();
      if (!isNext(')')) throw new TableError('InvalidInput');
      return inner;
    }
    const { text: name } = take('word');
    const { text: operator } = take('word');
    if (!OPERATORS.has(operator)) throw new TableError('InvalidInput');
    return { type: 'compare', name, operator, literal: take('literal').literal };
  };

  const whole = either();
  if (at < tokens.length) throw new TableError('InvalidInput');
  return whole;
}

/** Whether an entity with these properties meets the condition. */
export function holds(condition: Condition, valueOf: (name: string) => Literal | undefined): boolean {
  switch (condition.type) {
    case 'and':
      return condition.parts.every((part) => holds(part, valueOf));
    case 'or':
      return condition.parts.some((part) => holds(part, valueOf));
    case 'not':
      return !holds(condition.part, valueOf);
    case 'compare':
      return compares(valueOf(condition.name), condition.operator, condition.literal);
  }
}

/** A property that an entity does not have, or has of another type, compares as false. */
function compares(found: Literal | undefined, operator: string, { type, value }: Literal): boolean {
  if (found?.type !== type) return false;
  switch (operator) {
    case 'eq':
      return isEqual(found.value, value);
    case 'ne':
      return !isEqual(found.value, value);
    case 'gt':
      return found.value > value;
    case 'ge':
      return found.value >= value;
    case 'lt':
      return found.value < value;
    default:
      return found.value <= value;
  }
}

/** A long and an int may be equal, which `===` denies. */
const isEqual = (a: Literal['value'], b: Literal['value']): boolean => a >= b && a <= b;

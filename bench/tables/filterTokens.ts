import { TableError } from './tableError';

/** A value with what it may be compared with: numbers of all widths are of one type. */
export interface Literal {
  type: 'string' | 'number' | 'boolean' | 'datetime' | 'guid' | 'binary';
  value: string | number | bigint | boolean;
}

export type Token = { type: 'word'; text: string } | { type: 'literal'; literal: Literal };

const TOKEN =
  /\s*(?:([()])|(datetime|guid|binary|X)?'((?:[^']|'')*)'|(-?\d+)L|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])|([A-Za-z_]\w*))/y;

/** @throws TableError InvalidInput */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const [found, bracket, prefix, quoted, long, number, word] = TOKEN.exec(text) ?? [];
    if (found === undefined) throw new TableError('InvalidInput');
    if (quoted !== undefined) tokens.push({ type: 'literal', literal: quotedLiteral(prefix, quoted) });
    else if (long !== undefined) tokens.push(literal('number', BigInt(long)));
    else if (number !== undefined) tokens.push(literal('number', Number(number)));
    else if (word === 'true' || word === 'false') tokens.push(literal('boolean', word === 'true'));
    else tokens.push({ type: 'word', text: bracket ?? word ?? '' });
  }
  return tokens;
}

const literal = (type: Literal['type'], value: Literal['value']): Token => ({
  type: 'literal',
  literal: { type, value },
});

function quotedLiteral(prefix: string | undefined, quoted: string): Literal {
  const text = quoted.replaceAll("''", "'");
  switch (prefix) {
    case 'datetime':
      return { type: 'datetime', value: Date.parse(text) };
    case 'guid':
      return { type: 'guid', value: text.toLowerCase() };
    case 'X':
    case 'binary':
      return { type: 'binary', value: text.toLowerCase() };
    default:
      return { type: 'string', value: text };
  }
}

/** A stored property as a filter sees it, `annotation` being its `@odata.type`. */
export function literalOf(value: unknown, annotation: unknown): Literal | undefined {
  if (typeof value === 'number') return { type: 'number', value };
  if (typeof value === 'boolean') return { type: 'boolean', value };
  if (typeof value !== 'string') return undefined;
  switch (annotation) {
    case 'Edm.Int64':
      return { type: 'number', value: BigInt(value) };
    case 'Edm.DateTime':
      return { type: 'datetime', value: Date.parse(value) };
    case 'Edm.Guid':
      return { type: 'guid', value: value.toLowerCase() };
    case 'Edm.Binary':
      return { type: 'binary', value: Buffer.from(value, 'base64').toString('hex') };
    default:
      return { type: 'string', value };
  }
}

import { TableError } from './tableError';

/** What a URL names, without the account. */
export interface RequestTarget {
  /** `Tables` and `$batch` are the service's own names. */
  table: string;
  keys?: { PartitionKey: string; RowKey: string };
  /** Without the question mark. */
  query: string;
}

const KEYS = /^PartitionKey='((?:[^']|'')*)',RowKey='((?:[^']|'')*)'$/;

/** Takes `/account/Table(PartitionKey='p',RowKey='r')?query` apart. Throws TableError for other paths. */
export function targetOf(url: string): RequestTarget {
  const questionAt = url.indexOf('?');
  const path = questionAt < 0 ? url : url.slice(0, questionAt);
  const query = questionAt < 0 ? '' : url.slice(questionAt + 1);
  const name = path.slice(path.indexOf('/', 1) + 1);
  const bracketAt = name.indexOf('(');
  if (bracketAt < 0) return { table: name, query };
  const inner = decoded(name.slice(bracketAt + 1, name.lastIndexOf(')')));
  const table = name.slice(0, bracketAt);
  if (inner === '') return { table, query };
  const [, partitionKey, rowKey] = KEYS.exec(inner) ?? [];
  if (partitionKey === undefined || rowKey === undefined) {
    // Tables('Things') names a table that way.
    if (table === 'Tables') return { table: `Tables/${inner.slice(1, -1)}`, query };
    throw new TableError('InvalidInput');
  }
  return { table, keys: { PartitionKey: unquoted(partitionKey), RowKey: unquoted(rowKey) }, query };
}

const unquoted = (text: string): string => (text.includes("''") ? text.replaceAll("''", "'") : text);

export function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TableError('InvalidInput');
  }
}

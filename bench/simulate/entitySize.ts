/**
 * Bytes that Table storage bills for an entity: 4, two for each character of the keys, and for each property 8, two for
 * each character of its name, and its value. Microsoft's formula, as written down at
 * https://learn.microsoft.com/archive/blogs/avkashchauhan/how-the-size-of-an-entity-is-caclulated-in-windows-azure-table-storage
 */
export function entityBytes({ partitionKey, rowKey, ...properties }: Record<string, unknown>): number {
  const keys = 2 * (lengthOf(partitionKey) + lengthOf(rowKey));
  return Object.entries(properties)
    .filter(([name]) => !['etag', 'timestamp'].includes(name) && !name.startsWith('odata'))
    .reduce((total, [name, value]) => total + 8 + 2 * name.length + valueBytes(value), 4 + keys);
}

const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0);

function valueBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return 4 + 2 * value.length;
    case 'boolean':
      return 1;
    case 'bigint':
      return 8;
    case 'number':
      return Number.isInteger(value) ? 4 : 8;
    default:
      return value instanceof Date ? 8 : 0;
  }
}

import { TableError } from './tableError';

/** An entity as it came over the wire: keys, properties and annotations of their types (`name@odata.type`). */
export type WireEntity = Record<string, unknown> & { PartitionKey: string; RowKey: string };

const ANNOTATION = '@odata.type';
/** https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model; sizes in bytes. */
const MOST_PROPERTIES = 252;
const LONGEST_KEY = 512;
const LARGEST_PROPERTY = 2 ** 16;
const LARGEST_ENTITY = 2 ** 20;
const FORBIDDEN_IN_KEYS = /[/\\#?\u0000-\u001f\u007f-\u009f]/;

/**
 * `keys`: those of the URL, which hold whatever the body says.
 *
 * @throws TableError of a body that holds no entity, or keys that the service does not take.
 */
export function parseEntity(body: string, keys?: { PartitionKey: string; RowKey: string }): WireEntity {
  const entity: Record<string, unknown> = Object.assign(parseObject(body), keys);
  const { PartitionKey, RowKey } = entity;
  if (typeof PartitionKey !== 'string' || typeof RowKey !== 'string') throw new TableError('PropertiesNeedValue');
  for (const key of [PartitionKey, RowKey]) {
    if (key.length > LONGEST_KEY) throw new TableError('KeyValueTooLarge');
    if (FORBIDDEN_IN_KEYS.test(key)) throw new TableError('OutOfRangeInput');
  }
  return entity as WireEntity;
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Answered below, as whatever else is no entity.
  }
  throw new TableError('InvalidInput');
}

/**
 * The properties without the keys as a piece of JSON that can be put into an answer as it is; empty when there are none.
 * A million entities are kept as such texts, and parsed only when somebody asks for single properties.
 */
export function propertiesText(entity: WireEntity, body?: string): string {
  const isAsSent = checkProperties(entity);
  const start = `{"PartitionKey":${JSON.stringify(entity.PartitionKey)},"RowKey":${JSON.stringify(entity.RowKey)}`;
  // The client's own order and spelling: then what follows the keys is the text that is looked for.
  if (isAsSent && body?.startsWith(start) && body.endsWith('}')) return body.slice(start.length + 1, -1);
  return JSON.stringify(normalised(entity)).slice(1, -1);
}

/** The properties that a text holds, with their annotations. */
export const propertiesOf = (text: string): Record<string, unknown> =>
  JSON.parse(`{${text}}`) as Record<string, unknown>;

/** What a merge leaves: properties that are sent replace those that are there, with their types; null changes nothing. */
export function mergedText(text: string, entity: WireEntity): string {
  const merged = propertiesOf(text);
  for (const [name, value] of Object.entries(normalised(entity))) {
    if (!name.endsWith(ANNOTATION)) Reflect.deleteProperty(merged, name + ANNOTATION);
    merged[name] = value;
  }
  return JSON.stringify(merged).slice(1, -1);
}

/** Whether the properties may be kept as they were sent. Throws what is beyond the service's limits. */
function checkProperties(entity: WireEntity): boolean {
  let [isAsSent, count, bytes] = [true, 0, 0];
  for (const name in entity) {
    const value = entity[name];
    if (name === 'Timestamp' || value === null || value === 'Edm.Double' || name.startsWith('odata.')) isAsSent = false;
    if (name.endsWith(ANNOTATION)) continue;
    count += 1;
    if (typeof value !== 'string') continue;
    // Base64 has four letters for three bytes; other texts take two bytes a letter.
    const size = entity[name + ANNOTATION] === 'Edm.Binary' ? Buffer.byteLength(value, 'base64') : 2 * value.length;
    if (size > LARGEST_PROPERTY) throw new TableError('PropertyValueTooLarge');
    bytes += size;
  }
  if (count > MOST_PROPERTIES + 2) throw new TableError('TooManyProperties');
  if (bytes > LARGEST_ENTITY) throw new TableError('EntityTooLarge');
  return isAsSent;
}

/** Null is no property, the server's own are not taken from anybody, and doubles are numbers in JSON. */
function normalised(entity: WireEntity): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entity)) {
    if (value === null || OWN_NAMES.has(name) || name.startsWith('odata.')) continue;
    const isDouble = value === 'Edm.Double' && name.endsWith(ANNOTATION);
    if (isDouble || (name.endsWith(ANNOTATION) && (entity[name.slice(0, -ANNOTATION.length)] ?? null) === null))
      continue;
    properties[name] = entity[name + ANNOTATION] === 'Edm.Double' ? doubleOf(value) : value;
  }
  return properties;
}

const OWN_NAMES = new Set(['PartitionKey', 'RowKey', 'Timestamp']);

/** NaN and the infinities have no number in JSON: they stay texts. */
const doubleOf = (value: unknown): unknown => (Number.isFinite(Number(value)) ? Number(value) : value);

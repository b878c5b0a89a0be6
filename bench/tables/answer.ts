import { propertiesOf } from './entityText';
import { keysOf } from './filter';
import { etagOf, timestampOf } from './stamps';
import { type TableError, errorBody } from './tableError';
import type { Found } from './tableStore';

export interface Answer {
  status: number;
  /** Names and values by turns, as http.ServerResponse takes them fastest. Length and Date are added. */
  headers: string[];
  body: string;
}

const JSON_TYPE = 'application/json;odata=minimalmetadata;streaming=true;charset=utf-8';

export const noContent = (etag?: string): Answer => ({
  status: 204,
  headers: etag === undefined ? [] : ['ETag', etag],
  body: '',
});

export const json = (status: number, body: string, headers: string[] = []): Answer => ({
  status,
  headers: ['Content-Type', JSON_TYPE, ...headers],
  body,
});

export const refused = (error: TableError): Answer =>
  json(error.status, errorBody(error), ['x-ms-error-code', error.code]);

export const oneEntity = (metadata: string, found: Found, status = 200): Answer =>
  json(status, `{"odata.metadata":"${metadata}/@Element",${whole(found)}}`, ['ETag', etagOf(found.stamp)]);

/** A page of a query; `select` names properties, all when empty. */
export function manyEntities(metadata: string, entities: Found[], select: string[], next?: string): Answer {
  const texts = entities.map(select.length === 0 ? whole : (found) => selected(found, select));
  const body = `{"odata.metadata":"${metadata}","value":[${texts.map((text) => `{${text}}`).join(',')}]}`;
  return json(200, body, next === undefined ? [] : continuationOf(next));
}

const whole = ({ key, stamp, text }: Found): string => {
  const [partitionKey, rowKey] = keysOf(key);
  const properties = text === '' ? '' : `,${text}`;
  return `${etagText(stamp)},"PartitionKey":${JSON.stringify(partitionKey)},"RowKey":${JSON.stringify(rowKey)}${properties},"Timestamp":"${timestampOf(stamp)}"`;
};

function selected(found: Found, select: string[]): string {
  const [PartitionKey, RowKey] = keysOf(found.key);
  const own: Record<string, unknown> = { PartitionKey, RowKey };
  // Keys alone, as indexes are read: nothing is parsed for those.
  const properties = select.every((name) => name in own) ? {} : propertiesOf(found.text);
  const all: Record<string, unknown> = { ...properties, ...own, Timestamp: timestampOf(found.stamp) };
  const parts = select.flatMap((name) => [`${name}@odata.type`, name]).filter((name) => name in all);
  return [etagText(found.stamp), ...parts.map((name) => `"${name}":${JSON.stringify(all[name])}`)].join(',');
}

const etagText = (stamp: number): string => `"odata.etag":${JSON.stringify(etagOf(stamp))}`;

const continuationOf = (next: string): string[] => {
  const [partitionKey, rowKey] = keysOf(next).map((text) => Buffer.from(text).toString('base64url'));
  return [
    'x-ms-continuation-NextPartitionKey',
    `p${partitionKey ?? ''}`,
    'x-ms-continuation-NextRowKey',
    `r${rowKey ?? ''}`,
  ];
};

/** What a continuation says, sent back as it was given: without the letter that keeps empty keys from being left out. */
export const keyOfContinuation = (token: string): string => Buffer.from(token.slice(1), 'base64url').toString();

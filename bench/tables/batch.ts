import { type RequestTarget, targetOf } from './target';
import { type WireEntity, parseEntity } from './entityText';
import { TableError, errorBody } from './tableError';
import type { Write } from './tableStore';

const LINE = '\r\n';
const PART = Buffer.from('--changeset_');

export interface Batch {
  table: string;
  writes: Write[];
  /** Those of the request, in the answer's boundaries. */
  batchId: string;
  changesetId: string;
}

/**
 * Understands the multipart body of POST $batch: one changeset, no read.
 * https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 *
 * @throws TableError
 */
export function parseBatch(contentType: string, body: Buffer): Batch {
  const batchId = /boundary="?batch_([^";]*)/.exec(contentType)?.[1] ?? '';
  const writes: Write[] = [];
  let [table, changesetId] = ['', ''];
  let start = body.indexOf(PART);
  while (start >= 0) {
    const end = body.indexOf(PART, start + PART.length);
    const headersAt = body.indexOf(LINE, start);
    changesetId ||= body.toString('latin1', start + PART.length, headersAt);
    if (end < 0) break;
    // The HTTP request follows the part's own headers; a line end goes before the next boundary.
    const requestAt = body.indexOf(LINE + LINE, headersAt) + 2 * LINE.length;
    const part = writeOf(body.toString('utf8', requestAt, end - LINE.length), writes.length);
    if (table !== '' && part.table !== table) throw new TableError('InvalidInput', writes.length);
    table = part.table;
    writes.push(part.write);
    start = end;
  }
  if (writes.length === 0) throw new TableError('InvalidInput');
  return { table, writes, batchId, changesetId };
}

function writeOf(request: string, index: number): { table: string; write: Write } {
  const headersEnd = request.indexOf(LINE + LINE);
  const head = request.slice(0, headersEnd);
  const [method = '', url = ''] = head.slice(0, head.indexOf(LINE)).split(' ');
  const target = targetOf(url.slice(url.indexOf('/', url.indexOf('//') + 2)));
  const ifMatch = /\r\nif-match: *(.*)/i.exec(head)?.[1];
  try {
    return { table: target.table, write: toWrite(method, target, ifMatch, request.slice(headersEnd).trim()) };
  } catch (error) {
    throw error instanceof TableError ? new TableError(error.code, index) : error;
  }
}

/** The write that a request asks for, alone or in a batch. Keys in the URL win over those in the body, as in Azure. */
export function toWrite(method: string, target: RequestTarget, ifMatch: string | undefined, body: string): Write {
  if (method === 'POST' && !target.keys) return { type: 'insert', entity: parseEntity(body), body };
  if (!target.keys) throw new TableError('InvalidInput');
  const { PartitionKey, RowKey } = target.keys;
  if (method === 'DELETE') {
    if (ifMatch === undefined) throw new TableError('InvalidInput');
    return { type: 'delete', entity: { PartitionKey, RowKey }, ifMatch };
  }
  const type = writeTypeOf(method);
  const entity: WireEntity = parseEntity(body === '' ? '{}' : body, target.keys);
  return { type, entity, body, ...(ifMatch === undefined ? {} : { ifMatch }) };
}

function writeTypeOf(method: string): 'replace' | 'merge' {
  if (method === 'PUT') return 'replace';
  if (method === 'PATCH' || method === 'MERGE') return 'merge';
  throw new TableError('NotImplemented');
}

/** The answer's content type and body. Undefined stands for the ETag of what was deleted. */
export function batchAnswer(batch: Batch, etags: (string | undefined)[]): { contentType: string; body: string } {
  const parts = etags.map(
    (etag) =>
      `HTTP/1.1 204 No Content${LINE}X-Content-Type-Options: nosniff${LINE}DataServiceVersion: 3.0;${LINE}` +
      (etag === undefined ? '' : `ETag: ${etag}${LINE}`) +
      LINE,
  );
  return enclosed(batch, parts);
}

/** One part, about the command that stands in the way. */
export function batchRefusal(batch: Pick<Batch, 'batchId' | 'changesetId'>, error: TableError) {
  const { status, index = 0 } = error;
  return enclosed(batch, [
    `HTTP/1.1 ${status} Refused${LINE}Content-ID: ${index + 1}${LINE}DataServiceVersion: 3.0;${LINE}` +
      `Content-Type: application/json;odata=minimalmetadata;charset=utf-8${LINE}${LINE}${errorBody(error)}${LINE}`,
  ]);
}

function enclosed({ batchId, changesetId }: Pick<Batch, 'batchId' | 'changesetId'>, parts: string[]) {
  const [outer, inner] = [`batchresponse_${batchId}`, `changesetresponse_${changesetId}`];
  const start = `--${inner}${LINE}Content-Type: application/http${LINE}Content-Transfer-Encoding: binary${LINE}${LINE}`;
  const body =
    `--${outer}${LINE}Content-Type: multipart/mixed; boundary=${inner}${LINE}${LINE}` +
    parts.map((part) => start + part).join('') +
    `--${inner}--${LINE}--${outer}--${LINE}`;
  return { contentType: `multipart/mixed; boundary=${outer}`, body };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, json, keyOfContinuation, manyEntities, noContent, oneEntity, refused } from './answer';
import { batchAnswer, batchRefusal, parseBatch, toWrite } from './batch';
import { parseFilter, keyOf } from './filter';
import { TableError } from './tableError';
import type { TableStore } from './tableStore';
import { type RequestTarget, targetOf } from './target';

/** The Table service's answers to one account's requests. Nobody is asked who they are: it is for benchmarks. */
export function makeServeTables(store: TableStore) {
  const answerTo = (request: IncomingMessage, body: Buffer): Answer => {
    const { method = 'GET', headers } = request;
    const base = `http://${headers.host ?? ''}/devstoreaccount1/$metadata#`;
    const target = targetOf(request.url ?? '');
    if (target.table === '$batch') return transact(headers['content-type'] ?? '', body);
    if (target.table.startsWith('Tables')) return forTables(method, target, body);
    if (method === 'GET') return read(base + target.table, target);
    const change = toWrite(method, target, headers['if-match'], body.toString());
    const etag = store.write(target.table, change);
    if (change.type !== 'insert' || headers.prefer === 'return-no-content') return noContent(etag);
    const { PartitionKey, RowKey } = change.entity;
    return oneEntity(base + target.table, store.get(target.table, PartitionKey, RowKey), 201);
  };

  const read = (metadata: string, { table, keys, query }: RequestTarget): Answer => {
    if (keys) return oneEntity(metadata, store.get(table, keys.PartitionKey, keys.RowKey));
    const options = new URLSearchParams(query);
    const [partition, row] = [options.get('NextPartitionKey'), options.get('NextRowKey')];
    const after = partition === null ? undefined : keyOf(keyOfContinuation(partition), keyOfContinuation(row ?? ''));
    const top = options.get('$top');
    const filter = parseFilter(options.get('$filter') ?? '');
    const page = store.query(table, filter, top === null ? undefined : topOf(top), after);
    return manyEntities(metadata, page.entities, options.get('$select')?.split(',') ?? [], page.next);
  };

  const transact = (contentType: string, body: Buffer): Answer => {
    const batch = parseBatch(contentType, body);
    const { contentType: type, body: text } = transacted(batch);
    return { status: 202, headers: ['Content-Type', type], body: text };
  };

  const transacted = (batch: ReturnType<typeof parseBatch>) => {
    try {
      return batchAnswer(batch, store.transact(batch.table, batch.writes));
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      return batchRefusal(batch, error);
    }
  };

  const forTables = (method: string, { table }: RequestTarget, body: Buffer): Answer => {
    if (method === 'POST' && table === 'Tables') {
      const { TableName } = JSON.parse(body.toString()) as { TableName: string };
      store.create(TableName);
      return json(201, JSON.stringify({ TableName }));
    }
    const name = table.slice('Tables/'.length);
    if (method !== 'DELETE' || name === '') throw new TableError('NotImplemented');
    store.drop(name);
    return noContent();
  };

  return (request: IncomingMessage, body: Buffer): Answer => {
    try {
      return answerTo(request, body);
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      return refused(error);
    }
  };
}

function topOf(text: string): number {
  const top = Number(text);
  if (!Number.isInteger(top) || top < 1 || top > 1000) throw new TableError('InvalidInput');
  return top;
}

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const length = body === '' ? [] : ['Content-Length', String(Buffer.byteLength(body))];
  response.writeHead(status, [...headers, ...length, 'x-ms-version', '2019-02-02']).end(body);
}

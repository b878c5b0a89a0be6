import { RestError, type TableClient } from '@azure/data-tables';
import type { Operation, Write } from './tableOperations';

/** What a caller sees: without times and ETags, which differ, and with an error's status and code in place of its text. */
async function answerOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return without(await work());
  } catch (error) {
    if (!(error instanceof RestError) || error.statusCode === undefined) throw error;
    return { refused: error.statusCode, code: codeOf(error) };
  }
}

const codeOf = (error: RestError): string | undefined =>
  error.code ?? /"code":"(\w+)"/.exec(error.message)?.[1] ?? error.response?.headers.get('x-ms-error-code');

const TIMES = new Set(['etag', 'timestamp', 'odata.metadata']);
const without = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer ?? null, (name, each: unknown) => {
      if (TIMES.has(name)) return undefined;
      return typeof each === 'bigint' ? `${each}n` : each;
    }),
  );

/** A table of one server, with what is remembered of its ETags. */
export function player(table: TableClient) {
  const etags = new Map<string, string[]>();
  const remembered = (key: string, which: '*' | 'last' | 'stale'): string => {
    if (which === '*') return '*';
    return etags.get(key)?.at(which === 'last' ? -1 : -2) ?? `W/"datetime'2020-01-01T00%3A00%3A00.0000000Z'"`;
  };
  const remember = (key: string, given: string | undefined) => {
    if (given !== undefined) etags.set(key, [...(etags.get(key) ?? []), given]);
  };

  const one = async (partition: string, each: Write) => {
    const keys = { partitionKey: partition, rowKey: each.rowKey };
    const key = JSON.stringify(keys);
    if (each.type === 'delete') {
      await table.deleteEntity(partition, each.rowKey, { etag: remembered(key, each.etag) });
      return {};
    }
    const entity = { ...each.properties, ...keys };
    const { etag: given } = await (each.type === 'create'
      ? table.createEntity(entity)
      : each.type === 'upsert'
        ? table.upsertEntity(entity, each.mode)
        : table.updateEntity(entity, each.mode, { etag: remembered(key, each.etag) }));
    remember(key, given);
    return { hasEtag: given !== undefined };
  };

  const together = async (partition: string, writes: Write[]) => {
    const { status, subResponses } = await table.submitTransaction(
      writes.map((each) => {
        const keys = { partitionKey: partition, rowKey: each.rowKey };
        if (each.type === 'delete') return ['delete', keys];
        const entity = { ...each.properties, ...keys };
        if (each.type === 'create') return ['create', entity];
        if (each.type === 'upsert') return ['upsert', entity, each.mode];
        return ['update', entity, each.mode, { etag: remembered(JSON.stringify(keys), each.etag) }];
      }),
    );
    writes.forEach((each, index) => {
      const keys = { partitionKey: partition, rowKey: each.rowKey };
      remember(JSON.stringify(keys), subResponses[index]?.etag);
    });
    return { status, parts: subResponses.map((each) => [each.status, each.etag !== undefined]) };
  };

  const list = async ({ filter: wanted, maxPageSize, select }: Extract<Operation, { type: 'list' }>) => {
    const queryOptions = { ...(wanted === '' ? {} : { filter: wanted }), ...(select ? { select } : {}) };
    const pages: unknown[][] = [];
    for await (const page of table
      .listEntities({ queryOptions })
      .byPage({ ...(maxPageSize === undefined ? {} : { maxPageSize }) })) {
      pages.push([...page]);
    }
    // Where a filter leaves entities out, servers end their pages where they like.
    return pages.flat();
  };

  return (operation: Operation): Promise<unknown> => {
    switch (operation.type) {
      case 'write':
        return answerOf(() => one(operation.partitionKey, operation.write));
      case 'transaction':
        return answerOf(() => together(operation.partitionKey, operation.writes));
      case 'get':
        return answerOf(() => table.getEntity(operation.partitionKey, operation.rowKey));
      case 'list':
        return answerOf(() => list(operation));
    }
  };
}

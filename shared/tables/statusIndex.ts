import { odata } from '@azure/data-tables';
import type { Status } from '../domain/invitation';
import { idOfKey } from './keys';
import type { Tables } from './openTables';
import { calling } from './tablesError';

/** Ids of the invitations of one partition that have a status, newest first, page by page: reads keys only. */
export async function* idsWithStatus(tables: Tables, partition: string, status: Status): AsyncGenerator<string[]> {
  // A full stop is the character after the dash.
  const [from, to] = [`s-${status}-`, `s-${status}.`];
  const filter = odata`PartitionKey eq ${partition} and RowKey ge ${from} and RowKey lt ${to}`;
  const pages = tables.invitations
    .listEntities<{ rowKey: string }>({ queryOptions: { filter, select: ['RowKey'] } })
    .byPage({ maxPageSize: 1000 });
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    const page = await calling('read the index by status', () => iterator.next());
    if (page.done) return;
    yield page.value.flatMap(({ rowKey }: { rowKey: string }) => idOfKey(rowKey) ?? []);
  }
}

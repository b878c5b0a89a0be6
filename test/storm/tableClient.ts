import { RestError, type TableClient, type TransactionAction } from '@azure/data-tables';
import { makeServerClock } from '../../shared/tables/serverClock';
import type { Tables } from '../../shared/tables/openTables';
import { type Random, between } from './seededRandom';
import type { StoredTable, TableServer } from './tableServer';
import type { VirtualClock } from './virtualClock';

/** What happens to one call on its way; `retriedAfterReset` is what a client does that tries again by itself. */
export type TableFault = 'none' | 'unavailable' | 'resetAfter' | 'retriedAfterReset';

export interface TableCall {
  table: keyof TableServer['tables'];
  isWrite: boolean;
  /** Of the first entity: in a transaction, the invitation's. */
  key: string;
}

export interface TableClientParts {
  server: TableServer;
  clock: VirtualClock;
  random: Random;
  monotonicMs: () => number;
  faultOf: (call: TableCall) => TableFault;
}

/** What a client's own retries take before it gives up. */
const GIVES_UP_AFTER_MS = 300;

/** One worker's clients for the tables, with the real server clock learning from every answer's Date header. */
export function stormTables(parts: TableClientParts): Tables {
  const { server, clock, random, monotonicMs, faultOf } = parts;
  const serverClock = makeServerClock(monotonicMs);

  const perform = async <T>(work: () => T, fault: TableFault): Promise<T> => {
    const sentAtMs = monotonicMs();
    await clock.sleep(between(random, 1, 5));
    try {
      const answer = work();
      return fault === 'retriedAfterReset' ? work() : answer;
    } finally {
      const date = new Date(server.nowMs()).toUTCString();
      await clock.sleep(between(random, 1, 5));
      serverClock.observe(date, sentAtMs, monotonicMs());
    }
  };

  const call = async <T>(what: TableCall, work: () => T): Promise<T> => {
    const fault = faultOf(what);
    if (fault === 'unavailable') {
      await clock.sleep(GIVES_UP_AFTER_MS);
      throw new RestError('connect ECONNREFUSED', { code: 'ECONNREFUSED' });
    }
    const answer = await perform(work, fault);
    if (fault === 'resetAfter') throw new RestError('socket hang up', { code: 'ECONNRESET' });
    return answer;
  };

  const clientOf = (table: TableCall['table']) => tableClient(table, server.tables[table], call);
  return {
    invitations: clientOf('invitations'),
    idempotencyKeys: clientOf('idempotencyKeys'),
    invitedUsers: clientOf('invitedUsers'),
    gates: clientOf('gates'),
    subscriptions: clientOf('subscriptions'),
    webhooks: clientOf('webhooks'),
    sourceLinks: clientOf('sourceLinks'),
    clock: serverClock,
  };
}

type Calling = <T>(what: TableCall, work: () => T) => Promise<T>;

/** The methods of TableClient that the adapters use; any other is missing, and calling it fails loudly. */
function tableClient(table: TableCall['table'], stored: StoredTable, call: Calling): TableClient {
  const write = async (actions: TransactionAction[]) => {
    const key = actions[0]?.[1].rowKey ?? '';
    const etags = await call({ table, isWrite: true, key }, () => stored.submit(actions));
    return { status: 202, subResponses: etags.map((etag) => ({ status: 204, etag })) };
  };
  const pages = async function* (filter: string, size: number) {
    const found = await call({ table, isWrite: false, key: filter }, () => stored.query(filter));
    for (let from = 0; from < found.length; from += size) yield found.slice(from, from + size);
  };
  const client = {
    createTable: () => call({ table, isWrite: true, key: '' }, () => undefined),
    getEntity: (partitionKey: string, rowKey: string) =>
      call({ table, isWrite: false, key: rowKey }, () => stored.get(partitionKey, rowKey)),
    submitTransaction: write,
    createEntity: (entity: TransactionAction[1]) => write([['create', entity]]),
    updateEntity: (entity: TransactionAction[1], _mode: 'Replace', options: { etag: string }) =>
      write([['update', entity, 'Replace', options]]),
    upsertEntity: (entity: TransactionAction[1]) => write([['upsert', entity, 'Replace']]),
    listEntities: ({ queryOptions: { filter } }: { queryOptions: { filter: string } }) => ({
      byPage: ({ maxPageSize }: { maxPageSize: number }) => pages(filter, maxPageSize),
      async *[Symbol.asyncIterator]() {
        for await (const page of pages(filter, 1000)) yield* page;
      },
    }),
  };
  return client as unknown as TableClient;
}

import type { Counts, Operation } from '../tables/counts';

/** What a step asks of the stores. The gate's own entity is not in it: the simulation counts that as it happens. */
export interface Cost {
  /** Requests by table, then by operation. */
  requests: Record<string, Partial<Record<Operation, number>>>;
  /** Entities of table Invitations read and written: what a partition is measured by. */
  entities: number;
  /** Sent to the queue; each is received once as well. */
  messages: number;
}

export const NO_COST: Cost = { requests: {}, entities: 0, messages: 0 };

/** What was counted by a table server, without the tables named in `except`, divided by `by`. */
export function costOf(counts: Counts, messages: number, { except, by = 1 }: { except: string[]; by?: number }): Cost {
  const requests: Cost['requests'] = {};
  let entities = 0;
  for (const [table, operations] of Object.entries(counts)) {
    if (except.includes(table)) continue;
    for (const [operation, { requests: count, entitiesRead, entitiesWritten }] of Object.entries(operations)) {
      (requests[table] ??= {})[operation as Operation] = count / by;
      entities += table === 'Invitations' ? (entitiesRead + entitiesWritten) / by : 0;
    }
  }
  return { requests, entities, messages: messages / by };
}

/** All requests of it, to one table where it is named. */
export function requestsOf({ requests }: Cost, table?: string): number {
  return Object.entries(requests)
    .filter(([name]) => table === undefined || name === table)
    .flatMap(([, operations]) => Object.values(operations))
    .reduce((total, count) => total + count, 0);
}

/** `cost` and `times` × `more` together. */
export function plus(cost: Cost, more: Cost, times = 1): Cost {
  const requests = structuredClone(cost.requests);
  for (const [table, operations] of Object.entries(more.requests)) {
    const sums = (requests[table] ??= {});
    for (const [operation, count] of Object.entries(operations)) {
      sums[operation as Operation] = (sums[operation as Operation] ?? 0) + count * times;
    }
  }
  return {
    requests,
    entities: cost.entities + more.entities * times,
    messages: cost.messages + more.messages * times,
  };
}

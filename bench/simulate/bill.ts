import type { Prices } from './inputs';

/** What is billed by use, of a month or of one batch. */
export interface Usage {
  executions: number;
  gbSeconds: number;
  serviceBusOperations: number;
  tableTransactions: number;
  storedGb: number;
  logGb: number;
}

export type Bill = Record<'functions' | 'serviceBus' | 'tables' | 'logs' | 'total', number>;

const above = (used: number, free: number): number => Math.max(0, used - free);

/**
 * What the usage of a month costs at the given prices, whatever these are: free grants are taken off, the namespace's base
 * charge is in it.
 */
export function billOf(usage: Usage, { functions, serviceBus, tables, logs }: Prices): Bill {
  const items = {
    functions:
      above(usage.gbSeconds, functions.freeGbSecondsAMonth) * functions.gbSecond +
      (above(usage.executions, functions.freeExecutionsAMonth) / 1e6) * functions.millionExecutions,
    serviceBus:
      serviceBus.baseAMonth +
      (above(usage.serviceBusOperations, serviceBus.includedOperationsAMonth) / 1e6) * serviceBus.millionOperations,
    tables: (usage.tableTransactions / 1e4) * tables.tenThousandTransactions + usage.storedGb * tables.gbMonth,
    logs: above(usage.logGb, logs.freeGbAMonth) * logs.gb,
  };
  return { ...items, total: Object.values(items).reduce((sum, item) => sum + item, 0) };
}

import { odata } from '@azure/data-tables';
import type { Lane } from '../domain/nextStep';
import type { Instant } from '../domain/time';
import { parseWakeUpKey } from './keys';
import type { Tables } from './openTables';
import { calling } from './tablesError';

export interface DueWakeUp {
  key: string;
  id: string;
  at: Instant;
  lane: Lane;
}

export interface DueRange {
  from?: Instant | undefined;
  /** Only those behind this one, which may be due at the same time. */
  after?: Pick<DueWakeUp, 'key'> | undefined;
  until: Instant;
}

/**
 * Wake-ups of one lane in one partition that are due in [from, until), earliest first: reads what it gives, no more. Fewer
 * than `most` only where there are no more.
 */
export async function dueWakeUps(
  tables: Tables,
  partition: string,
  lane: Lane,
  { from, after, until }: DueRange,
  most: number,
): Promise<DueWakeUp[]> {
  const first = `w-${lane}-`;
  const behind = after?.key ?? first + (from ?? '');
  const filter = odata`PartitionKey eq ${partition} and RowKey gt ${behind} and RowKey lt ${first + until}`;
  const pages = tables.invitations
    .listEntities<{ rowKey: string }>({ queryOptions: { filter, select: ['RowKey'] } })
    .byPage({ maxPageSize: Math.min(most, 1000) });
  return calling('read wake-ups', async () => {
    const due: DueWakeUp[] = [];
    for await (const page of pages) {
      due.push(...page.map(({ rowKey }) => ({ key: rowKey, ...parseWakeUpKey(rowKey) })));
      if (due.length >= most) break;
    }
    return due.slice(0, most);
  });
}

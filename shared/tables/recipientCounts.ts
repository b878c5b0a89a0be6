import { type TransactionAction, odata } from '@azure/data-tables';
import type { Instant } from '../domain/time';
import { dayOf } from '../domain/quota';
import type { Tables } from './openTables';
import { calling, readOrUndefined, refusalOf } from './tablesError';

/** How many invitations were made for a person on a day (UTC). Written in the first transaction of each of them. */
export interface RecipientCount {
  made: number;
  etag: string;
}

const PREFIX = 'q-';
const ENTITIES_A_TRANSACTION = 100;

/** By day first, so that the days that are over are one range. */
const countKey = (person: string, at: Instant): string => `${PREFIX}${dayOf(at)}-${person}`;

/**
 * Counts `more` invitations of a person. Without `found` it takes these for the first of the day: where that is wrong the
 * transaction is refused, and nothing has to be read to find that out.
 */
export function countAction(
  { partitionKey, person, at }: { partitionKey: string; person: string; at: Instant },
  more: number,
  found?: RecipientCount,
): TransactionAction {
  const entity = { partitionKey, rowKey: countKey(person, at), made: (found?.made ?? 0) + more };
  return found ? ['update', entity, 'Replace', { etag: found.etag }] : ['create', entity];
}

export function makeRecipientCounts(tables: Tables) {
  const table = tables.invitations;

  /** Undefined where none was made on the day of `at`. */
  const read = async (partitionKey: string, person: string, at: Instant): Promise<RecipientCount | undefined> => {
    const found = await readOrUndefined('read count', () =>
      table.getEntity<{ made: number }>(partitionKey, countKey(person, at)),
    );
    return found && { made: found.made, etag: found.etag };
  };

  /** Deletes the counts of one partition from days before that of `at`, and says how many. Reads those and no others. */
  const removeBefore = async (partitionKey: string, at: Instant): Promise<number> => {
    const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${PREFIX} and RowKey lt ${PREFIX + dayOf(at)}`;
    const pages = table
      .listEntities<{ rowKey: string }>({ queryOptions: { filter, select: ['PartitionKey', 'RowKey'] } })
      .byPage({ maxPageSize: ENTITIES_A_TRANSACTION });
    const iterator = pages[Symbol.asyncIterator]();
    for (let removed = 0; ;) {
      const page = await calling('read old counts', () => iterator.next());
      if (page.done) return removed;
      const actions = page.value.map(({ rowKey }): TransactionAction => ['delete', { partitionKey, rowKey }]);
      if (actions.length > 0 && (await submit(actions))) removed += actions.length;
    }
  };

  /** False where another run deleted some of them first: the next one finds the others. */
  const submit = async (actions: TransactionAction[]): Promise<boolean> => {
    try {
      await calling('delete old counts', () => table.submitTransaction(actions));
      return true;
    } catch (error) {
      if (refusalOf(error) !== 404) throw error;
      return false;
    }
  };

  return { read, removeBefore };
}

export type RecipientCounts = ReturnType<typeof makeRecipientCounts>;

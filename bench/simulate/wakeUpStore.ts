import type { TableClient } from '@azure/data-tables';
import { partitionNames, partitionOfId } from '../../shared/domain/ids';
import type { WakeUp } from '../../shared/domain/nextStep';
import { wakeUpKey } from '../../shared/tables/keys';
import type { Tables } from '../../shared/tables/openTables';
import { type SortedMap, makeSortedMap } from '../tables/sortedMap';

export type WakeUpStore = ReturnType<typeof makeWakeUpStore>;

/**
 * The wake-ups of table Invitations and nothing else of it, in the order of their keys, behind the one call of the client
 * that a tick makes. `onQuery` hears of each page that is asked for, and takes its time.
 */
export function makeWakeUpStore(partitions: number, onQuery: (partition: string, entities: number) => Promise<void>) {
  const byPartition = new Map<string, SortedMap<true>>(
    partitionNames(partitions).map((name) => [name, makeSortedMap<true>()]),
  );

  const mapOf = (partition: string): SortedMap<true> => {
    const map = byPartition.get(partition);
    if (!map) throw new RangeError(`There is no partition ${partition}.`);
    return map;
  };

  /** Moves the wake-up of an invitation; without `to` it has none any more. */
  const move = (id: string, from: WakeUp | undefined, to: WakeUp | undefined): void => {
    const map = mapOf(partitionOfId(id));
    if (from) map.remove(wakeUpKey(from, id));
    if (to) map.set(wakeUpKey(to, id), true);
  };

  async function* pagesOf(filter: string, size: number): AsyncGenerator<{ rowKey: string }[]> {
    const { partition, behind, until } = rangeOf(filter);
    const keys: { rowKey: string }[] = [];
    for (const [rowKey] of mapOf(partition).entriesFrom(behind)) {
      if (rowKey === behind) continue;
      if (rowKey >= until || keys.length === size) break;
      keys.push({ rowKey });
    }
    await onQuery(partition, keys.length);
    yield keys;
    const last = keys.at(-1)?.rowKey;
    if (keys.length === size && last !== undefined) yield* pagesOf(filterFor(partition, last, until), size);
  }

  const listEntities = ({ queryOptions: { filter } }: { queryOptions: { filter: string } }) => ({
    byPage: ({ maxPageSize }: { maxPageSize: number }) => pagesOf(filter, maxPageSize),
  });
  return {
    move,
    size: (): number => [...byPartition.values()].reduce((total, map) => total + map.size(), 0),
    tables: { invitations: { listEntities } as unknown as TableClient } as Tables,
  };
}

const filterFor = (partition: string, behind: string, until: string): string =>
  `PartitionKey eq '${partition}' and RowKey gt '${behind}' and RowKey lt '${until}'`;

const FILTER = /^PartitionKey eq '([^']+)' and RowKey gt '([^']+)' and RowKey lt '([^']+)'$/;

function rangeOf(filter: string): { partition: string; behind: string; until: string } {
  const [, partition, behind, until] = FILTER.exec(filter) ?? [];
  if (partition === undefined || behind === undefined || until === undefined) {
    throw new Error(`A tick asks for its wake-ups in another way than the simulation knows: ${filter}`);
  }
  return { partition, behind, until };
}

import { odata } from '@azure/data-tables';
import { complementOf, partitionOfId } from '../domain/ids';
import type { Instant } from '../domain/time';
import { type InvitationEntity, type StoredInvitation, fromInvitationEntity } from './invitationEntity';
import * as keys from './keys';
import type { Tables } from './openTables';
import { calling } from './tablesError';

/** The same range of RowKeys in each of some partitions, read as one list, newest first. */
export interface ListRange {
  partitions: string[];
  /** One of `keys.INVITATIONS`, `keys.personIndex` and `keys.statusIndex`. */
  prefix: string;
  createdAfter?: Instant;
  createdBefore?: Instant;
}

/** Where a list goes on: behind `after`, with the ids `ahead` that were read with it and not shown yet. */
export interface ListPosition {
  after: string;
  ahead: string[];
}

/** An index gives ids alone; the range of the invitations themselves gives them whole. */
export interface Listed {
  id: string;
  stored?: StoredInvitation;
}

interface Lane {
  partition: string;
  buffer: Listed[];
  /** The last id that was read of the partition, or what the list goes on behind. */
  after: string | undefined;
  isAtEnd: boolean;
}

const MOST_A_CALL = 1000;

/**
 * Merges the partitions by id. Each is asked for its share of what is still wanted, so little is read ahead, and what is
 * can be carried on (`ahead`) instead of being read again. Throws `TablesUnavailableError`.
 */
export function openList(tables: Tables, range: ListRange, from?: ListPosition) {
  const lanes = range.partitions.map((partition): Lane => {
    const buffer = (from?.ahead ?? []).filter((id) => partitionOfId(id) === partition).map((id): Listed => ({ id }));
    return { partition, buffer, after: buffer.at(-1)?.id ?? from?.after, isAtEnd: false };
  });

  const refill = async (most: number): Promise<void> => {
    const empty = lanes.filter(({ buffer, isAtEnd }) => buffer.length === 0 && !isAtEnd);
    const share = Math.ceil(most / Math.max(1, lanes.filter(({ isAtEnd }) => !isAtEnd).length));
    await Promise.all(
      empty.map(async (lane) => {
        const { found, isAtEnd } = await readRange(tables, range, lane, Math.min(share, MOST_A_CALL));
        lane.buffer.push(...found);
        lane.after = found.at(-1)?.id ?? lane.after;
        lane.isAtEnd = isAtEnd;
      }),
    );
  };

  /** The next ones, `most` of them unless the list ends. */
  const take = async (most: number): Promise<Listed[]> => {
    const taken: Listed[] = [];
    while (taken.length < most) {
      await refill(most - taken.length);
      const next = newestOf(lanes)?.buffer.shift();
      if (!next) break;
      taken.push(next);
    }
    return taken;
  };

  return {
    take,
    /** Ids that were read and not taken, in the list's order. */
    ahead: (): string[] => lanes.flatMap(({ buffer }) => buffer.map(({ id }) => id)).sort(byNewest),
    isAtEnd: (): boolean => lanes.every(({ buffer, isAtEnd }) => buffer.length === 0 && isAtEnd),
  };
}

const byNewest = (a: string, b: string): number => (a > b ? -1 : 1);

/** The lane whose next one is the newest. No lane is empty here but those that are at their end. */
function newestOf(lanes: Lane[]): Lane | undefined {
  let best: { lane: Lane; id: string } | undefined;
  for (const lane of lanes) {
    const id = lane.buffer[0]?.id;
    if (id !== undefined && (best === undefined || id > best.id)) best = { lane, id };
  }
  return best?.lane;
}

/** Some of a lane's next keys; none only at its end. A full answer may be followed by an empty one. */
async function readRange(
  tables: Tables,
  range: ListRange,
  { partition, after }: Lane,
  most: number,
): Promise<{ found: Listed[]; isAtEnd: boolean }> {
  const isWhole = range.prefix === keys.INVITATIONS;
  const pages = tables.invitations
    .listEntities<InvitationEntity>({
      queryOptions: { filter: filterOf(range, partition, after), ...(isWhole ? {} : { select: ['RowKey'] }) },
    })
    .byPage({ maxPageSize: most });
  return calling('read a list', async () => {
    // The server may answer with nothing and a continuation: it gives up looking after some seconds.
    for await (const page of pages) {
      const { continuationToken } = page as { continuationToken?: string };
      const found = page.map((entity): Listed => {
        const id = complementOf(entity.rowKey.slice(range.prefix.length));
        return isWhole ? { id, stored: fromInvitationEntity(entity) } : { id };
      });
      if (found.length > 0 || continuationToken === undefined) {
        return { found, isAtEnd: continuationToken === undefined };
      }
    }
    return { found: [], isAtEnd: true };
  });
}

/** The character after the dash that each prefix ends with. */
const endOf = (prefix: string): string => `${prefix.slice(0, -1)}.`;

function filterOf({ prefix, createdAfter, createdBefore }: ListRange, partition: string, after?: string): string {
  const newest = createdBefore === undefined ? prefix : prefix + keys.complementAt(createdBefore);
  const oldest = createdAfter === undefined ? endOf(prefix) : prefix + keys.complementAt(createdAfter);
  return after === undefined || prefix + complementOf(after) < newest
    ? odata`PartitionKey eq ${partition} and RowKey ge ${newest} and RowKey lt ${oldest}`
    : odata`PartitionKey eq ${partition} and RowKey gt ${prefix + complementOf(after)} and RowKey lt ${oldest}`;
}

import { partitionNames } from '../domain/ids';
import type { Instant } from '../domain/time';

/**
 * Entities of one partition that a tick reads in a second, at most: half of what Azure promises
 * (https://learn.microsoft.com/azure/storage/tables/scalability-targets: 2,000), for those at work want theirs.
 */
const ENTITIES_PER_SECOND = 1000;
/** Fewer are not worth a request. */
const LEAST_PAGE = 50;
/** A page is so much longer than a partition's even share, that it takes a second one of few. */
const UNEVENNESS = 1.25;

export type ReadPace = ReturnType<typeof makeReadPace>;

/** What a tick may read of a partition: all that it reads in turn counts, and partitions that it reads side by side count once. */
export function makeReadPace(sleep: (ms: number) => Promise<unknown>) {
  let left = ENTITIES_PER_SECOND;
  return {
    /** How many of `wanted` may be read of each partition now. Where there is not enough left it waits for a second. */
    allow: async (wanted: number): Promise<number> => {
      if (left < Math.min(wanted, LEAST_PAGE)) {
        await sleep(1000);
        left = ENTITIES_PER_SECOND;
      }
      return Math.min(wanted, left);
    },
    /** So many were read of the partition that most were read of. */
    spend: (read: number): void => void (left -= read),
  };
}

export interface EarliestParts<T> {
  partitions: number;
  /** Of one partition, the earliest first, those behind `after`: fewer than `most` only where there are no more. */
  read: (partition: string, after: T | undefined, most: number) => Promise<T[]>;
  dueAt: (item: T) => Instant;
  pace: ReadPace;
}

/**
 * The earliest of all partitions together, `limit` at most. Of each partition it reads about its even share, and more only
 * where that may hold earlier ones than the others': what it reads grows with what is due up to the limit, and neither with
 * what is behind that nor with the number of partitions.
 */
export async function readEarliest<T>(
  limit: number,
  { partitions, read, dueAt, pace }: EarliestParts<T>,
): Promise<T[]> {
  const share = Math.ceil((UNEVENNESS * limit) / partitions);
  const wanted = Math.min(limit, Math.max(LEAST_PAGE, share));
  let found: T[] = [];
  let open = partitionNames(partitions).map((partition) => ({ partition, last: undefined as T | undefined }));
  while (open.length > 0) {
    const most = await pace.allow(wanted);
    const pages = await Promise.all(
      open.map(async ({ partition, last }) => ({ partition, page: await read(partition, last, most) })),
    );
    pace.spend(Math.max(...pages.map(({ page }) => page.length)));
    found = [...found, ...pages.flatMap(({ page }) => page)]
      .sort((a, b) => compare(dueAt(a), dueAt(b)))
      .slice(0, limit);
    const latest = found.length < limit ? undefined : found.at(-1);
    const mayHoldEarlier = (last: T) => latest === undefined || dueAt(last) < dueAt(latest);
    open = pages.flatMap(({ partition, page }) => {
      const last = page.at(-1);
      return page.length === most && last !== undefined && mayHoldEarlier(last) ? [{ partition, last }] : [];
    });
  }
  return found;
}

const compare = (a: Instant, b: Instant): number => (a < b ? -1 : a > b ? 1 : 0);

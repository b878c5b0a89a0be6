import { createHash } from 'node:crypto';
import { MOST_IN_BULK, sizeOf } from '../../shared/domain/bulkEntry';
import { canonical } from '../../shared/domain/canonical';
import { stringifyExactly } from '../../shared/domain/exactJson';
import { type Entry, type People, type ReadableEntry, isReadable } from '../people/people';

/** Requests that go out in one call. */
export interface Chunk {
  entries: ReadableEntry[];
  idempotencyKey: string;
}

export interface Plan {
  chunks: Chunk[];
  unreadable: Exclude<Entry, ReadableEntry>[];
  /** The key of one line, where lines are sent one by one. */
  keyOf: (entry: ReadableEntry) => string;
}

/** What POST /invitations/bulk takes at most: 1 MiB, less what stands around the entries. */
const MOST_BYTES = 1_000_000;
/** Small enough that a bar moves, big enough that the app can store many in one transaction. */
const LEAST_CHUNK = 100;

export interface PlanOptions {
  /** Something new, for keys that were never used. */
  salt?: string | undefined;
  leastChunk?: number;
}

/**
 * Splits a file into calls. The same file with the same options gives the same calls with the same idempotency keys, so
 * sending it again does not invite anybody again.
 */
export function planOf({ entries, digest }: People, { salt, leastChunk = LEAST_CHUNK }: PlanOptions = {}): Plan {
  const readable = entries.filter(isReadable);
  const bodies = canonical(readable.map(({ body }) => body));
  const stamp = createHash('sha256')
    .update(`${digest ?? ''} ${salt ?? ''} ${bodies}`)
    .digest('hex')
    .slice(0, 32);
  const keyOf = ({ line }: ReadableEntry): string => `b2b-invite-${stamp}-${line}`;
  const most = Math.min(MOST_IN_BULK, Math.max(leastChunk, Math.ceil(readable.length / 10)));
  const chunks = chunksOf(readable, most).map((chunk) => ({
    entries: chunk,
    idempotencyKey: `b2b-invite-${stamp}-${chunk[0]?.line ?? 0}-${chunk.at(-1)?.line ?? 0}`,
  }));
  return { chunks, keyOf, unreadable: entries.filter((entry) => 'fault' in entry) };
}

function chunksOf(entries: ReadableEntry[], mostPeople: number): ReadableEntry[][] {
  const chunks: ReadableEntry[][] = [];
  let people = Infinity;
  let bytes = 0;
  for (const entry of entries) {
    const [entryPeople, entryBytes] = [sizeOf(entry.body), Buffer.byteLength(stringifyExactly(entry.body)) + 1];
    if (people + entryPeople > mostPeople || bytes + entryBytes > MOST_BYTES) {
      chunks.push([]);
      [people, bytes] = [0, 0];
    }
    chunks.at(-1)?.push(entry);
    people += entryPeople;
    bytes += entryBytes;
  }
  return chunks;
}

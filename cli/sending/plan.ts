import { createHash } from 'node:crypto';
import { MOST_IN_BULK, sizeOf } from '../../shared/domain/bulkEntry';
import { canonical } from '../../shared/domain/canonical';
import { stringifyExactly } from '../../shared/domain/exactJson';
import { CliFault, EXIT } from '../cliFault';
import { type People, type ReadableEntry, type UnreadableEntry, isReadable } from '../people/people';

/** Requests that go out in one call. */
export interface Chunk {
  entries: ReadableEntry[];
  idempotencyKey: string;
}

export interface Plan {
  /** Lines that go out. */
  total: number;
  /** All lines, those that can't be read as well. */
  lines: number;
  /** Reads the file again, and no further than to the chunk that is asked for; tells of each line that can't be read. */
  chunks: (onUnreadable: (entry: UnreadableEntry) => void) => AsyncIterable<Chunk>;
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
 * Splits a file into calls. The same lines with the same options give the same calls with the same idempotency keys, so
 * sending them again does not invite anybody again. The file is read through for that and not kept: throws here what
 * keeps it from being read, before anything is sent.
 */
export async function planOf(people: People, { salt = '', leastChunk = LEAST_CHUNK }: PlanOptions = {}): Promise<Plan> {
  const { total, lines, stamp } = await lookThrough(people, salt);
  const keyOf = ({ line }: ReadableEntry): string => `b2b-invite-${stamp}-${line}`;
  const most = Math.min(MOST_IN_BULK, Math.max(leastChunk, Math.ceil(total / 10)));
  const chunks: Plan['chunks'] = async function* (onUnreadable) {
    const seen = makeStamp(salt);
    for await (const entries of chunksOf(readableOf(people, onUnreadable), most)) {
      entries.forEach(seen.add);
      yield { entries, idempotencyKey: `b2b-invite-${stamp}-${entries[0]?.line ?? 0}-${entries.at(-1)?.line ?? 0}` };
    }
    if (seen.get() !== stamp) throw hasChanged(people.name);
  };
  return { total, lines, chunks, keyOf };
}

const hasChanged = (name: string): CliFault =>
  new CliFault(EXIT.someFailed, `${name} was changed while it was being sent. Send it again, all of it.`);

async function lookThrough(people: People, salt: string): Promise<{ total: number; lines: number; stamp: string }> {
  const stamp = makeStamp(salt);
  let [total, lines] = [0, 0];
  for await (const entry of people.entries()) {
    lines += 1;
    if (!isReadable(entry)) continue;
    total += 1;
    stamp.add(entry);
  }
  return { total, lines, stamp: stamp.get() };
}

/** What was sent, in 32 characters. */
function makeStamp(salt: string) {
  const hash = createHash('sha256').update(salt);
  return {
    add: ({ line, body }: ReadableEntry): void => void hash.update(`\n${line} ${canonical(body)}`),
    get: (): string => hash.digest('hex').slice(0, 32),
  };
}

async function* readableOf(
  people: People,
  onUnreadable: (entry: UnreadableEntry) => void,
): AsyncGenerator<ReadableEntry> {
  for await (const entry of people.entries()) {
    if (isReadable(entry)) yield entry;
    else onUnreadable(entry);
  }
}

async function* chunksOf(entries: AsyncIterable<ReadableEntry>, mostPeople: number): AsyncGenerator<ReadableEntry[]> {
  let chunk: ReadableEntry[] = [];
  let [people, bytes] = [0, 0];
  for await (const entry of entries) {
    const [entryPeople, entryBytes] = [sizeOf(entry.body), Buffer.byteLength(stringifyExactly(entry.body)) + 1];
    if (chunk.length > 0 && (people + entryPeople > mostPeople || bytes + entryBytes > MOST_BYTES)) {
      yield chunk;
      chunk = [];
      [people, bytes] = [0, 0];
    }
    chunk.push(entry);
    people += entryPeople;
    bytes += entryBytes;
  }
  if (chunk.length > 0) yield chunk;
}

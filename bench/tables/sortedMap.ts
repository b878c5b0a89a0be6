/** Twice this many entries split a chunk: few enough to shift on an insert, many enough to keep the list of chunks short. */
const CHUNK = 256;

interface Chunk<T> {
  keys: string[];
  values: T[];
}

export type SortedMap<T> = ReturnType<typeof makeSortedMap<T>>;

/**
 * A map in the order of its keys (UTF-16 units, as the Table service orders them): chunks of sorted keys, found by binary
 * search. Looking up, writing and beginning a range cost the logarithm of the size; millions of entries fit.
 */
export function makeSortedMap<T>() {
  const chunks: Chunk<T>[] = [{ keys: [], values: [] }];
  let size = 0;

  /** The last chunk that begins at or before the key. */
  const chunkIndex = (key: string): number => {
    let [low, high] = [0, chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((chunks[middle]?.keys[0] ?? '') <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  const chunkAt = (index: number): Chunk<T> => {
    const chunk = chunks[index];
    if (!chunk) throw new RangeError(`There is no chunk ${index} of ${chunks.length}.`);
    return chunk;
  };

  const get = (key: string): T | undefined => {
    const { keys, values } = chunkAt(chunkIndex(key));
    const at = lowerBound(keys, key);
    return keys[at] === key ? values[at] : undefined;
  };

  const set = (key: string, value: T): void => {
    const index = chunkIndex(key);
    const chunk = chunkAt(index);
    const at = lowerBound(chunk.keys, key);
    if (chunk.keys[at] === key) {
      chunk.values[at] = value;
      return;
    }
    chunk.keys.splice(at, 0, key);
    chunk.values.splice(at, 0, value);
    size += 1;
    if (chunk.keys.length >= 2 * CHUNK) {
      // What comes in order, as a bulk load does, leaves full chunks behind instead of half-empty ones.
      const from = at === chunk.keys.length - 1 ? at : CHUNK;
      chunks.splice(index + 1, 0, { keys: chunk.keys.splice(from), values: chunk.values.splice(from) });
    }
  };

  const remove = (key: string): boolean => {
    const index = chunkIndex(key);
    const chunk = chunkAt(index);
    const at = lowerBound(chunk.keys, key);
    if (chunk.keys[at] !== key) return false;
    chunk.keys.splice(at, 1);
    chunk.values.splice(at, 1);
    size -= 1;
    if (chunk.keys.length === 0 && chunks.length > 1) chunks.splice(index, 1);
    return true;
  };

  /** Entries from `from` on, in order. Nothing may be written while they are read. */
  function* entriesFrom(from: string): Generator<[key: string, value: T]> {
    let at = lowerBound(chunkAt(chunkIndex(from)).keys, from);
    for (let index = chunkIndex(from); index < chunks.length; index += 1) {
      const { keys, values } = chunkAt(index);
      for (; at < keys.length; at += 1) yield [keys[at] as string, values[at] as T];
      at = 0;
    }
  }

  return { get, set, remove, entriesFrom, size: () => size };
}

/** Where the key is, or where it would be put. */
function lowerBound(keys: string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

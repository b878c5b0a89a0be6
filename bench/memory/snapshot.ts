import { readFileSync } from 'node:fs';

/** What a heap snapshot says of the objects in it. */
export interface HeapContents {
  /** Objects by class and kind, such as `object Map` or `closure take`. */
  counts: Map<string, number>;
  /** By the id that an object keeps from one snapshot of a process to the next. */
  collections: Map<number, Collection>;
}

/** An array, a map, a set, or an object used as a dictionary. */
export interface Collection {
  name: string;
  /** Places for so many entries, taken or free: they double when they are used up. */
  places: number;
}

/** https://learn.microsoft.com/microsoft-edge/devtools/memory-problems/heap-snapshot-schema */
interface Snapshot {
  snapshot: {
    meta: {
      node_fields: string[];
      node_types: [string[], ...unknown[]];
      edge_fields: string[];
      edge_types: [string[], ...unknown[]];
    };
  };
  nodes: number[];
  edges: number[];
  strings: string[];
}

/** Texts and numbers come and go with what was last in hand, code with what was last compiled: the heap's size tells of them. */
const NOT_OBJECTS = new Set(['string', 'concatenated string', 'sliced string', 'number', 'bigint', 'code', 'hidden']);
/** What V8 calls the place where an object keeps its entries. */
const STORES = new Set(['elements', 'table', 'properties']);
const POINTER_BYTES = 8;
/** Smaller ones are left out: nothing that matters stays that small. */
const LEAST_PLACES = 64;
/**
 * Have as many places as keys were alive at once since the last collection, and keep none of them alive: what does shows up
 * itself.
 */
const KEEP_NOTHING = new Set(['WeakMap', 'WeakSet']);

/** Reads what `v8.writeHeapSnapshot` wrote. */
export function readSnapshot(file: string): HeapContents {
  const { snapshot, nodes, edges, strings } = JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
  const { node_fields: nodeFields, node_types, edge_fields: edgeFields, edge_types } = snapshot.meta;
  const [typeAt, nameAt, idAt, sizeAt, edgeCountAt] = places(
    nodeFields,
    'type',
    'name',
    'id',
    'self_size',
    'edge_count',
  );
  const [edgeTypeAt, edgeNameAt, toAt] = places(edgeFields, 'type', 'name_or_index', 'to_node');
  const number = (of: number[], at: number): number => of[at] ?? 0;
  const counts = new Map<string, number>();
  const collections = new Map<number, Collection>();
  for (let node = 0, edge = 0; node < nodes.length; node += nodeFields.length) {
    const type = node_types[0][number(nodes, node + typeAt)] ?? 'unknown';
    const name = strings[number(nodes, node + nameAt)] ?? '';
    if (!NOT_OBJECTS.has(type)) counts.set(`${type} ${name}`, (counts.get(`${type} ${name}`) ?? 0) + 1);
    const end = edge + number(nodes, node + edgeCountAt) * edgeFields.length;
    let bytes = 0;
    for (; edge < end; edge += edgeFields.length) {
      const isInternal = edge_types[0][number(edges, edge + edgeTypeAt)] === 'internal';
      if (!isInternal || !STORES.has(strings[number(edges, edge + edgeNameAt)] ?? '')) continue;
      bytes = Math.max(bytes, number(nodes, number(edges, edge + toAt) + sizeAt));
    }
    const entries = Math.floor(bytes / POINTER_BYTES);
    if (type === 'object' && entries >= LEAST_PLACES && !KEEP_NOTHING.has(name)) {
      collections.set(number(nodes, node + idAt), { name, places: entries });
    }
  }
  return { counts, collections };
}

const places = <const Names extends string[]>(fields: string[], ...names: Names) =>
  names.map((name) => fields.indexOf(name)) as { [At in keyof Names]: number };

export interface Grown {
  what: string;
  before: number;
  after: number;
}

const byGrowth = (a: Grown, b: Grown): number => b.after - b.before - (a.after - a.before);

/** The classes of which most objects came in between, most first. */
export const classesGrown = (before: HeapContents, after: HeapContents, most = 10): Grown[] =>
  [...after.counts]
    .map(([what, count]) => ({ what, before: before.counts.get(what) ?? 0, after: count }))
    .sort(byGrowth)
    .slice(0, most);

/** The collections that took most places in between, most first; one that was not there before had none. */
export const collectionsGrown = (before: HeapContents, after: HeapContents, most = 10): Grown[] =>
  [...after.collections]
    .map(([id, { name, places: now }]) => ({ what: name, before: before.collections.get(id)?.places ?? 0, after: now }))
    .sort(byGrowth)
    .slice(0, most);

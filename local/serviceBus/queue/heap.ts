/** A binary heap: `push` and `pop` cost O(log n), and pushing in order costs O(1). */
export interface Heap<T> {
  readonly size: number;
  push(item: T): void;
  /** The item that comes before all others, left in place. */
  peek(): T | undefined;
  pop(): T | undefined;
}

/** `isBefore` must not change its mind about items while they are in the heap. */
export function createHeap<T>(isBefore: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];
  return {
    get size() {
      return items.length;
    },
    push(item) {
      items.push(item);
      siftUp(items, isBefore);
    },
    peek: () => items[0],
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        siftDown(items, isBefore);
      }
      return first;
    },
  };
}

function siftUp<T>(items: T[], isBefore: (a: T, b: T) => boolean): void {
  let child = items.length - 1;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!swapIf(items, child, parent, isBefore)) return;
    child = parent;
  }
}

function siftDown<T>(items: T[], isBefore: (a: T, b: T) => boolean): void {
  let parent = 0;
  for (;;) {
    const left = 2 * parent + 1;
    if (left >= items.length) return;
    const right = left + 1;
    const first = right < items.length && isBefore(items[right] as T, items[left] as T) ? right : left;
    if (!swapIf(items, first, parent, isBefore)) return;
    parent = first;
  }
}

/** Puts the lower item into the upper place when it comes first. Both indexes must be in bounds. */
function swapIf<T>(items: T[], lower: number, upper: number, isBefore: (a: T, b: T) => boolean): boolean {
  const below = items[lower] as T;
  const above = items[upper] as T;
  if (!isBefore(below, above)) return false;
  items[upper] = below;
  items[lower] = above;
  return true;
}

/** The newest `capacity` items of a stream, oldest first, and how many there ever were. */
export interface Ring<T> {
  push(item: T): void;
  values(): T[];
  readonly total: number;
}

export function createRing<T>(capacity: number): Ring<T> {
  const items: T[] = [];
  let total = 0;
  return {
    push(item) {
      items[total % capacity] = item;
      total += 1;
    },
    values() {
      const oldest = total > capacity ? total % capacity : 0;
      return [...items.slice(oldest), ...items.slice(0, oldest)];
    },
    get total() {
      return total;
    },
  };
}

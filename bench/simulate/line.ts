/** First come, first served. */
export interface Line<T> {
  readonly size: number;
  push: (item: T) => void;
  shift: () => T | undefined;
}

/** An array would move all of its items for each that leaves. */
export function makeLine<T>(): Line<T> {
  let items: T[] = [];
  let head = 0;
  return {
    get size() {
      return items.length - head;
    },
    push: (item) => void items.push(item),
    shift: () => {
      const item = items[head];
      head += 1;
      if (head > 1024 && head * 2 > items.length) [items, head] = [items.slice(head), 0];
      if (head > items.length) head = items.length;
      return item;
    },
  };
}

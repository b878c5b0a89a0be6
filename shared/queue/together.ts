export interface Together {
  /** So many are done as one at most. */
  most: number;
  /** Milliseconds that anybody waits for work that is under way. */
  longestWaitMs: number;
}

interface Group<T, R> {
  items: T[];
  result: Promise<R>;
  begin: () => void;
}

/**
 * Has what is asked for in the same turn of the event loop, or while earlier work is under way, done as one: many at once
 * cost one call, and one alone waits for nobody. Everyone is answered as the whole was, so it is for work that whoever
 * asked can do without.
 */
export function together<T, R>(
  work: (items: T[]) => Promise<R>,
  { most, longestWaitMs }: Together,
): (items: readonly T[]) => Promise<R> {
  let open: Group<T, R> | undefined;
  let underWay = 0;

  const beginWork = (items: T[]): Promise<R> => {
    underWay += 1;
    return work(items).finally(() => {
      underWay -= 1;
      if (underWay === 0) open?.begin();
    });
  };

  const newGroup = (): Group<T, R> => {
    const items: T[] = [];
    let begin = (): void => undefined;
    const mayBegin = new Promise<void>((resolve) => (begin = resolve));
    const timer = underWay > 0 ? setTimeout(begin, longestWaitMs) : undefined;
    if (!timer) setImmediate(begin);
    const result = mayBegin.then(() => {
      clearTimeout(timer);
      if (open?.items === items) open = undefined;
      return beginWork(items);
    });
    return { items, result, begin };
  };

  return (items) => {
    if (!open || open.items.length + items.length > most) {
      open?.begin();
      open = newGroup();
    }
    open.items.push(...items);
    return open.result;
  };
}

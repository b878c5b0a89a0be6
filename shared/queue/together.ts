/**
 * Has what is asked for in the same turn of the event loop done as one, `most` at a time: many at once cost one call, and
 * one alone waits for nobody. Everyone is answered as the whole was, so it is for work that whoever asked can do without.
 */
export function together<T, R>(work: (items: T[]) => Promise<R>, most: number): (items: readonly T[]) => Promise<R> {
  let open: { items: T[]; result: Promise<R> } | undefined;

  const begin = (): NonNullable<typeof open> => {
    const items: T[] = [];
    const turnIsOver = new Promise<void>((resolve) => setImmediate(resolve));
    const result = turnIsOver.then(() => {
      if (open?.items === items) open = undefined;
      return work(items);
    });
    return { items, result };
  };

  return (items) => {
    if (!open || open.items.length + items.length > most) open = begin();
    open.items.push(...items);
    return open.result;
  };
}

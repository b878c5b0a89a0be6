/** What comes in pieces, as of a file that is read. */
// eslint-disable-next-line @typescript-eslint/require-await -- read like a file
export async function* pieces<T>(...all: T[]): AsyncGenerator<T, void> {
  yield* all;
}

/** A text or bytes cut into pieces of that size. */
export const cut = <T extends { length: number; slice: (from: number, to: number) => T }>(
  whole: T,
  size: number,
): AsyncGenerator<T, void> =>
  pieces(
    ...Array.from({ length: Math.ceil(whole.length / size) }, (_, nth) => whole.slice(nth * size, (nth + 1) * size)),
  );

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const FIRST_MS = 5_000;
const MOST_MS = 10 * 60_000;

/** How long to leave Graph alone after `waits` waits in a row: 5 s, doubling, ten minutes at most. */
export const backOffMs = (waits: number): number => Math.min(FIRST_MS * 2 ** Math.min(waits, 20), MOST_MS);

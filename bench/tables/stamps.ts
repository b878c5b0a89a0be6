const TICKS_A_MS = 10_000;
/** Stamps count ticks of 100 ns from here, so that they stay exact as numbers. */
const EPOCH_MS = Date.UTC(2020, 0, 1);

/** Gives each write a time of its own, never the same twice: Timestamp and ETag are made of it. */
export function makeStamps(nowMs: () => number = Date.now) {
  let last = 0;
  return (): number => (last = Math.max(last + 1, (nowMs() - EPOCH_MS) * TICKS_A_MS));
}

/** 2026-11-21T08:04:17.4782295Z */
export function timestampOf(stamp: number): string {
  const ticks = stamp % TICKS_A_MS;
  const iso = new Date(EPOCH_MS + (stamp - ticks) / TICKS_A_MS).toISOString();
  return `${iso.slice(0, -1)}${String(ticks).padStart(4, '0')}Z`;
}

/** W/"datetime'2026-11-21T08%3A04%3A17.4782295Z'" */
export const etagOf = (stamp: number): string => `W/"datetime'${timestampOf(stamp).replaceAll(':', '%3A')}'"`;

/** More than the two clocks' resolutions can differ between two readings: the machine was suspended in between. */
const SUSPENDED_MS = 1000;

/**
 * Milliseconds that never run back. The monotonic clock stands still while a machine is suspended and the wall clock can
 * be set; the larger of the two steps counts, so that a lease never looks younger than it is.
 */
export function makeMonotonicClock(
  monotonicMs: () => number = () => performance.now(),
  wallMs: () => number = () => Date.now(),
): () => number {
  let total = 0;
  let monotonic = monotonicMs();
  let wall = wallMs();
  return () => {
    const steps = { monotonic: monotonicMs() - monotonic, wall: wallMs() - wall };
    monotonic += steps.monotonic;
    wall += steps.wall;
    total += steps.wall > steps.monotonic + SUSPENDED_MS ? steps.wall : steps.monotonic;
    return total;
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
/** As `--expose-gc` gives it, without the flag on the command line. */
const collect = runInNewContext('gc') as () => void;

/**
 * Bytes that are in use once what nobody needs is gone: the JavaScript heap and the buffers beside it. `limitsMs`: how long
 * calls may take at most, for each call's AbortSignal.timeout stays until then, however soon it was answered.
 */
export async function heapAfterCollection(limitsMs: number): Promise<number> {
  await sleep(limitsMs + 200);
  collect();
  // Finalizers let go of what they hold a turn later.
  await sleep(50);
  return inUse();
}

function inUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const LOOK_EVERY_MS = 5;

/** The most that was in use at any look while the work went on, over what was before. Collecting each time makes it slow. */
export async function peakOf(work: () => Promise<unknown>, limitsMs: number): Promise<number> {
  const idle = await heapAfterCollection(limitsMs);
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, inUse() - idle);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  try {
    await work();
    look();
  } finally {
    clearInterval(timer);
  }
  return peak;
}

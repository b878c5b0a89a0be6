import { setTimeout as sleep } from 'node:timers/promises';

const MOST_MS = 120_000;

/** Waits until it is so. Throws after two minutes, with what was waited for. */
export async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (const giveUpMs = performance.now() + MOST_MS; !(await isSo());) {
    await sleep(100);
    if (performance.now() > giveUpMs) throw new Error(`It did not come to it within ${MOST_MS / 1000} s that ${what}.`);
  }
}

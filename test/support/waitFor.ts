/**
 * Resolves once the condition holds (a value that isn't false or undefined is handed back); rejects after `timeoutMs`
 * with what was waited for.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, describe = 'the condition' }: { timeoutMs?: number; describe?: string } = {},
): Promise<Exclude<T, false | undefined>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== undefined) return value as Exclude<T, false | undefined>;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${describe}.`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

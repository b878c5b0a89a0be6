const AT_ONCE = 16;

/** Does the work for every item, a few at a time. Stops at the first failure, once those under way have ended. */
export async function someAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    const done = await Promise.allSettled(items.slice(start, start + AT_ONCE).map(work));
    const failed = done.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

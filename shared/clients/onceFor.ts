/** Makes something when it is first asked for, and gives the same ever after; a failure is kept, too. */
export function onceFor<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

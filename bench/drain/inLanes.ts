export interface Work {
  /** Of the lanes, how many it takes. */
  weight: number;
  work: () => Promise<void>;
}

/** Begins one after the other, in their order, as many at once as there are lanes for. Throws what the first threw. */
export async function inLanes(lanes: number, works: readonly Work[]): Promise<void> {
  const running = new Map<Promise<void>, number>();
  const taken = (): number => [...running.values()].reduce((sum, weight) => sum + weight, 0);
  try {
    for (const { weight, work } of works) {
      while (running.size > 0 && taken() + weight > lanes) await Promise.race(running.keys());
      const one: Promise<void> = work().finally(() => running.delete(one));
      running.set(one, weight);
    }
    await Promise.all(running.keys());
  } finally {
    await Promise.allSettled(running.keys());
  }
}

/** Counts what is being worked on, so that a stop can wait for it. */
export interface WorkInHand {
  run: <T>(work: () => Promise<T>) => Promise<T>;
  /** Resolves when nothing is in hand any more. */
  done: () => Promise<void>;
}

export function makeWorkInHand(): WorkInHand {
  const inHand = new Set<Promise<unknown>>();
  return {
    run: (work) => {
      const running = work().finally(() => inHand.delete(running));
      inHand.add(running);
      return running;
    },
    done: async () => {
      while (inHand.size > 0) await Promise.allSettled(inHand);
    },
  };
}

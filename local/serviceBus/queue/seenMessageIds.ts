import { createHeap } from './heap';

export interface SeenMessageIds {
  /** Notes the id, and says whether the window held it already. A repeat does not lengthen the window. */
  isRepeat(messageId: string, now: number): boolean;
  clear(): void;
}

/** Duplicate detection by MessageId; with a window of 0 nothing is ever a repeat. */
export function createSeenMessageIds(windowMs: number): SeenMessageIds {
  const seen = new Set<string>();
  const oldestFirst = createHeap<{ messageId: string; seenAt: number }>((a, b) => a.seenAt < b.seenAt);

  function forgetBefore(instant: number): void {
    for (let oldest = oldestFirst.peek(); oldest && oldest.seenAt <= instant; oldest = oldestFirst.peek()) {
      seen.delete(oldest.messageId);
      oldestFirst.pop();
    }
  }

  return {
    isRepeat(messageId, now) {
      if (windowMs === 0) return false;
      forgetBefore(now - windowMs);
      if (seen.has(messageId)) return true;
      seen.add(messageId);
      oldestFirst.push({ messageId, seenAt: now });
      return false;
    },
    clear: () => forgetBefore(Infinity),
  };
}

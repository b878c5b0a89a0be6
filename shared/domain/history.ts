import type { HistoryEntry, HistoryEvent, Invitation } from './invitation';
import type { Instant } from './time';

/** An invitation after something happened, and what to tell of it. */
export interface Change {
  invitation: Invitation;
  history: HistoryEntry[];
}

export const MAX_HISTORY = 60;

export const entry = (at: Instant, what: HistoryEvent, by: string, detail?: string): HistoryEntry => ({
  at,
  what,
  by,
  ...(detail === undefined ? {} : { detail }),
});

export interface NumberedEntry {
  number: number;
  entry: HistoryEntry;
}

/**
 * Numbers the entries of a change: a repeat of the one before counts up instead of adding one, and after `MAX_HISTORY`
 * the last place is written over, so that history stays bounded whatever happens.
 */
export function recordHistory(change: Change): { invitation: Invitation; entries: NumberedEntry[] } {
  let { historyCount, lastHistory } = change.invitation;
  const written = new Map<number, HistoryEntry>();
  for (const next of change.history) {
    if (lastHistory && isRepeat(lastHistory, next)) {
      lastHistory = { ...lastHistory, times: (lastHistory.times ?? 1) + 1, lastAt: next.at };
    } else {
      historyCount = Math.min(historyCount + 1, MAX_HISTORY);
      lastHistory = next;
    }
    written.set(historyCount, lastHistory);
  }
  const invitation = { ...change.invitation, historyCount, ...(lastHistory ? { lastHistory } : {}) };
  return { invitation, entries: [...written].map(([number, value]) => ({ number, entry: value })) };
}

const isRepeat = (last: HistoryEntry, next: HistoryEntry): boolean =>
  last.what === next.what && last.by === next.by && last.detail === next.detail;

import type { ReadableEntry } from '../people/people';
import type { Result } from './result';

/** What is known of a file's lines while they go out. */
export interface Ledger {
  begin: (entries: ReadableEntry[]) => void;
  /** Their request is known to have done nothing. */
  release: (entries: ReadableEntry[]) => void;
  settle: (results: Map<ReadableEntry, Result[]>) => void;
  results: () => Result[];
  /** Lines whose answer came, and lines whose request is out without one. */
  settled: () => number;
  underWay: () => number;
}

export function makeLedger(): Ledger {
  const begun = new Set<ReadableEntry>();
  const settled = new Map<ReadableEntry, Result[]>();
  return {
    begin: (entries) => entries.forEach((entry) => begun.add(entry)),
    release: (entries) => entries.forEach((entry) => begun.delete(entry)),
    settle: (results) => results.forEach((each, entry) => settled.set(entry, each)),
    results: () => [...settled.values()].flat().sort((a, b) => a.entry.line - b.entry.line),
    settled: () => settled.size,
    underWay: () => begun.size - settled.size,
  };
}

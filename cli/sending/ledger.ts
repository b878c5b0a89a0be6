import type { ReadableEntry, UnreadableEntry } from '../people/people';
import type { Result } from './result';
import type { Warning } from './warnings';

/** What became of one line, as a table shows it. */
export type Shown = Result | UnreadableEntry;

export type Counts = Record<Result['type'] | 'notRead', number>;

/** What is known of a file's lines while they go out. It keeps counts and what a table shows, and of the other lines nothing. */
export interface Ledger {
  begin: (entries: ReadableEntry[]) => void;
  /** Their request is known to have done nothing. */
  release: (entries: ReadableEntry[]) => void;
  settle: (results: Map<ReadableEntry, Result[]>) => void;
  leaveOut: (entry: UnreadableEntry) => void;
  /** Lines whose answer came, and lines whose request is out without one. */
  settled: () => number;
  underWay: () => number;
  counts: Readonly<Counts>;
  /** By line; `others`: how many more belong into the table than it has. */
  shown: () => { lines: Shown[]; others: number };
  /** What the app warned of in new invitations, each kind once. */
  warnings: Map<string, Warning & { times: number }>;
}

/** A file of more lines than that is shown by what needs a look alone. */
const SHOWN_WHOLE = 30;
const MOST_SHOWN = 100;

/** `lines`: how many there are. */
export function makeLedger(lines: number): Ledger {
  const counts: Counts = { requested: 0, alreadyOpen: 0, refused: 0, notRead: 0 };
  const warnings: Ledger['warnings'] = new Map();
  const shown: Shown[] = [];
  let [begun, settled, others] = [0, 0, 0];

  const show = (each: Shown): void => {
    if (lines > SHOWN_WHOLE && !('fault' in each) && each.type !== 'refused') return;
    if (shown.length < MOST_SHOWN) shown.push(each);
    else others += 1;
  };
  const note = (result: Result): void => {
    counts[result.type] += 1;
    show(result);
    for (const warning of result.type === 'requested' ? result.warnings : []) {
      const { times } = warnings.get(warning.code) ?? { times: 0 };
      warnings.set(warning.code, { ...warning, times: times + 1 });
    }
  };

  return {
    begin: (entries) => void (begun += entries.length),
    release: (entries) => void (begun -= entries.length),
    settle: (results) => {
      settled += results.size;
      for (const each of [...results.values()].flat()) note(each);
    },
    leaveOut: (entry) => {
      counts.notRead += 1;
      show(entry);
    },
    settled: () => settled,
    underWay: () => begun - settled,
    counts,
    shown: () => ({ lines: shown.toSorted((a, b) => lineOf(a) - lineOf(b)), others }),
    warnings,
  };
}

const lineOf = (each: Shown): number => ('fault' in each ? each.line : each.entry.line);

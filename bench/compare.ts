import type { BenchResult, BenchRow } from './result';
import { numberText, ratioText } from './table';

/** What became of a row since the result that is kept. */
export interface Finding {
  what: string;
  /** `missed`: an aim that was met is not any more. `gone`: the row, or its ratio, is not there any more. */
  type: 'same' | 'better' | 'worse' | 'missed' | 'gone' | 'new';
  /** In words, with both figures. */
  text: string;
}

/** Where a row was measured once, or its runs agreed by chance: what two runs of the same code differ by on a busy machine. */
export const LEAST_SPREAD = 0.05;

/** Ratios alone, row by row, because times are the machine's; the rows of today last where they are new. */
export function compare(kept: BenchResult, today: BenchResult): Finding[] {
  const now = new Map(today.rows.map((row) => [row.what, row]));
  const before = new Set(kept.rows.map(({ what }) => what));
  return [
    ...kept.rows.flatMap((row) => findingsOf(row, now.get(row.what))),
    ...today.rows.flatMap((row): Finding[] =>
      before.has(row.what) ? [] : [{ what: row.what, type: 'new', text: 'was not measured before' }],
    ),
  ];
}

function findingsOf(kept: BenchRow, today: BenchRow | undefined): Finding[] {
  const { what } = kept;
  if (!today) return [{ what, type: 'gone', text: 'is not measured any more' }];
  return [...ratioFinding(kept, today), ...aimFinding(kept, today)];
}

function ratioFinding(kept: BenchRow, today: BenchRow): Finding[] {
  const { what, ratio: was, better = 'higher' } = kept;
  const is = today.ratio;
  if (was === undefined) return [];
  if (is === undefined) return [{ what, type: 'gone', text: `has no ratio any more: it was ${ratioText(was)}` }];
  const spread = Math.max(spreadOf(kept), spreadOf(today));
  const change = (is - was) / was;
  const gained = better === 'higher' ? change : -change;
  const type = gained < -spread ? 'worse' : gained > spread ? 'better' : 'same';
  const text = `ratio ${ratioText(was)} → ${ratioText(is)} (${signed(100 * change)} %, its runs spread over ${numberText(100 * spread)} %)`;
  return [{ what, type, text }];
}

function aimFinding({ what, met }: BenchRow, today: BenchRow): Finding[] {
  if (met !== true || today.met !== false) return [];
  const text = `its aim ${today.aim ?? ''} was met and is not any more: ${numberText(today.ours)} ${today.unit}`;
  return [{ what, type: 'missed', text: text.trimEnd() }];
}

/** From the slowest run to the fastest, as a part of the median. */
function spreadOf({ ours, min, max }: BenchRow): number {
  if (min === undefined || max === undefined || ours === 0) return LEAST_SPREAD;
  return Math.max(LEAST_SPREAD, Math.abs((max - min) / ours));
}

const signed = (percent: number): string => `${percent > 0 ? '+' : ''}${numberText(percent)}`;

/** Nothing of this is noise. */
export const isBad = ({ type }: Finding): boolean => type === 'worse' || type === 'missed' || type === 'gone';

import Table from 'cli-table3';
import type { BenchResult, BenchRow } from './result';

const HEAD = ['', 'ours', 'peer', 'limit', 'ratio', 'min–max of runs', 'aim'];

/** All results in one table, a line a row, each benchmark under its name. */
export function tableOf(results: readonly BenchResult[]): string {
  const table = new Table({
    head: HEAD,
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'left'],
    colWidths: [54],
    wordWrap: true,
  });
  for (const { name, rows } of results) {
    table.push([{ colSpan: HEAD.length, content: name.toUpperCase() }]);
    for (const row of rows) table.push(cellsOf(row));
  }
  return table.toString();
}

/** What the table says of a row, a text a column. */
export function cellsOf(row: BenchRow): string[] {
  const { what, ours, peer, limit, unit, ratio, min, max, runs } = row;
  const range = min === undefined || max === undefined ? '' : `${numberText(min)}–${numberText(max)} `;
  return [
    what,
    `${numberText(ours)} ${unit}`,
    peer === undefined ? '' : numberText(peer),
    limit === undefined ? '' : numberText(limit),
    ratio === undefined ? '' : ratioText(ratio),
    `${range}of ${runs}`,
    aimText(row),
  ];
}

function aimText({ aim = '', met }: BenchRow): string {
  if (met === undefined) return aim;
  return `${met ? '✓' : '✗'} ${aim}`.trim();
}

/** Three digits that count, never an exponent: 0.034, 4.19, 97.4, 12345. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value))) + 1;
  return String(Number(value.toFixed(Math.min(6, Math.max(0, 3 - digits)))));
}

/** Ratios are compared, so they show two digits behind the point even where they are large, and three below one. */
export const ratioText = (ratio: number): string => (ratio < 1 ? ratio.toFixed(3) : ratio.toFixed(2));

/** Markdown and figures as docs/capacity.md has them. */
export const table = (head: string[], rows: string[][]): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

export const hours = (seconds: number): string =>
  seconds < 3600 ? `${figure(seconds / 60)} min` : `${figure(seconds / 3600)} h`;

/** Three digits that count, whole from a hundred on. */
export function figure(value: number): string {
  const digits = value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return digits.toLocaleString('en', { maximumFractionDigits: 6 });
}

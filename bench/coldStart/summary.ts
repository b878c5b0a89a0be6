/** Of several runs, in ms; the machine is rarely quiet, so the extremes are told too. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

export function spreadOf(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => Math.round((sorted[index] ?? Number.NaN) * 10) / 10;
  return { median: at(Math.floor(sorted.length / 2)), min: at(0), max: at(sorted.length - 1) };
}

export const ratioOf = (ours: Spread, theirs: Spread): number => Math.round((100 * ours.median) / theirs.median) / 100;

/** Of several runs, in the unit of the values; the machine is rarely quiet, so the extremes are told too. */
export interface Summary {
  median: number;
  min: number;
  max: number;
  runs: number;
}

/**
 * Median, extremes and number of what was measured.
 *
 * @throws RangeError when there is nothing to summarise.
 */
export function summaryOf(values: readonly number[]): Summary {
  return {
    median: percentile(values, 50),
    min: percentile(values, 0),
    max: percentile(values, 100),
    runs: values.length,
  };
}

export const medianOf = (values: readonly number[]): number => percentile(values, 50);

/**
 * The value below which `percent` of the values lie, drawn straight between two neighbours: 50 is the median.
 *
 * @throws RangeError when there are no values.
 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('There is no percentile of no values.');
  return below + (above - below) * (place - Math.floor(place));
}

export interface Axis {
  /** With the unit: 'seconds', 'ms'. */
  label: string;
  /** `linear` from 0 unless told; `log` for what grows tenfold. */
  scale?: 'linear' | 'log';
  /** The end of the axis, where it shall not be the largest value. */
  most?: number;
}

export interface Scale {
  at: (value: number) => number;
  ticks: number[];
}

/** Where values lie between two places of the picture, and which of them are named. */
export function scaleOf({ scale = 'linear', most }: Axis, values: readonly number[], from: number, to: number): Scale {
  const largest = most ?? Math.max(...values, Number.MIN_VALUE);
  if (scale === 'linear') {
    const step = stepFor(largest);
    // A little over the largest is none: its line may touch the frame.
    const end = most ?? Math.ceil(largest / step - 0.05) * step;
    const ticks = Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, nth) => nth * step);
    return { at: (value) => from + ((to - from) * Math.min(value, end)) / end, ticks };
  }
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(largest)));
  const ticks = Array.from({ length: last - first + 1 }, (_, nth) => 10 ** (first + nth));
  return { at: (value) => from + ((to - from) * (Math.log10(value) - first)) / (last - first), ticks };
}

/** 1, 2 or 5 times a power of ten, so that there are four to ten ticks. */
function stepFor(largest: number): number {
  const power = 10 ** Math.floor(Math.log10(largest / 4));
  const factor = [1, 2, 5, 10].find((candidate) => largest / (candidate * power) <= 8) ?? 10;
  return factor * power;
}

export const tickText = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 });

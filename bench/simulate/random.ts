import { randomOf } from '../random';

export type Random = ReturnType<typeof makeRandom>;

/** Draws of one seed. */
export function makeRandom(seed: number) {
  const uniform = randomOf(seed);
  /** Box and Muller; one of the two values is enough. */
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal, below: (count: number): number => Math.floor(uniform() * count) };
}

/** Standard deviations from the median to the 99th percentile. */
const TO_P99 = 2.3263;

/** Log-normal values with this median and 99th percentile. */
export function logNormal({ normal }: Random, median: number, p99: number): () => number {
  const spread = Math.log(p99 / median) / TO_P99;
  return () => median * Math.exp(spread * normal());
}

/** Places by their weights: how often each is drawn. */
export function weighted({ uniform }: Random, weights: readonly number[]): () => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) throw new RangeError('All weights are 0: there is nothing to draw from.');
  return () => {
    let left = uniform() * total;
    const place = weights.findIndex((weight) => (left -= weight) < 0);
    return place < 0 ? weights.length - 1 : place;
  };
}

import { isLosslessNumber } from 'lossless-json';

/** The value without its OData annotations (`@odata.type` …), which are allowed everywhere. */
export function withoutAnnotations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAnnotations);
  if (typeof value !== 'object' || value === null || isLosslessNumber(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.includes('@'))
      .map(([key, inner]) => [key, withoutAnnotations(inner)]),
  );
}

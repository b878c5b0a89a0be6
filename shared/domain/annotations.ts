/** No request of Graph's pages has more levels; what lies deeper stays as it is, for the schema to refuse. */
const MOST_LEVELS = 20;

/**
 * A copy without the `@odata.type` annotations whose value fits: the reference pages' examples carry them, and there is one
 * normal form without. Others stay, for the schema to refuse.
 */
export function withoutTypes(value: unknown, types: RegExp, levels = MOST_LEVELS): unknown {
  if (typeof value !== 'object' || value === null || levels === 0) return value;
  if (Array.isArray(value)) return value.map((each) => withoutTypes(each, types, levels - 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, entry]) => !(name === '@odata.type' && typeof entry === 'string' && types.test(entry)))
      .map(([name, entry]) => [name, withoutTypes(entry, types, levels - 1)]),
  );
}

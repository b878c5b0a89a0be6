/**
 * A copy without the `@odata.type` annotations whose value fits: the reference pages' examples carry them, and there is one
 * normal form without. Others stay, for the schema to refuse.
 */
export function withoutTypes(value: unknown, types: RegExp): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutTypes(each, types));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, entry]) => !(name === '@odata.type' && typeof entry === 'string' && types.test(entry)))
      .map(([name, entry]) => [name, withoutTypes(entry, types)]),
  );
}

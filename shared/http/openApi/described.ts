import type { JsonSchema } from './jsonSchemas';
import { PROPERTY_TEXTS } from './texts';

const textOf = (parents: string[], name: string): string | undefined =>
  [...parents.map((parent) => `${parent}.${name}`), name]
    .map((key) => PROPERTY_TEXTS[key])
    .find((text) => text !== undefined);

/**
 * The schema with a description at each property. Throws for a property that has none, so that one which is new gets it:
 * texts.ts.
 */
export const described = (name: string, schema: JsonSchema): JsonSchema => describe(schema, [name], name);

/** `parents`: names that a property's text is looked up under, the nearest first. */
function describe(schema: JsonSchema, parents: string[], path: string): JsonSchema {
  const copy = { ...schema };
  for (const word of ['anyOf', 'oneOf'] as const) {
    const all = schema[word];
    if (Array.isArray(all)) copy[word] = all.map((each: JsonSchema) => describe(each, parents, path));
  }
  if (isSchema(schema['items'])) copy['items'] = describe(schema['items'], parents, path);
  if (isSchema(schema['properties'])) {
    copy['properties'] = Object.fromEntries(
      Object.entries(schema['properties']).map(([name, each]) => {
        const description = textOf(parents, name);
        if (description === undefined) throw new Error(`${path}.${name} has no text in shared/http/openApi/texts.ts.`);
        const within = describe(each as JsonSchema, [name], `${path}.${name}`);
        return [name, { description, ...within }];
      }),
    );
  }
  return copy;
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

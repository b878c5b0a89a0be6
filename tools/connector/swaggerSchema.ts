import type { JsonSchema } from '../../shared/http/openApi/jsonSchemas';

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `inviteRedirectUrl` becomes `Invite redirect URL`: what a person reads above a field. */
export function summaryOf(name: string): string {
  const words = name
    .replace(/^@/, '')
    .split(/[.\s-]|(?<=[a-z])(?=[A-Z])/)
    .map((word) => ({ url: 'URL', id: 'ID', cc: 'CC' })[word.toLowerCase()] ?? word.toLowerCase())
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a maker of flows sees of a property without asking for more. */
export type Visibility = 'important' | 'advanced' | 'internal';

export interface Rules {
  /** The schema that a reference names; undefined where the reference shall stay one. */
  resolve: (name: string) => JsonSchema | undefined;
  visibilityOf: (name: string) => Visibility | undefined;
}

/**
 * A schema of OpenAPI 3.1 as one of 2.0, which the designers of flows read: no `const`, no `null`, no references beside
 * other words, nothing that forbids properties that are new one day; a title at each property.
 * @see https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions
 */
export function toSwagger(schema: JsonSchema, rules: Rules): JsonSchema {
  const { $ref, anyOf, const: only, examples, properties, items, additionalProperties: more, ...rest } = schema;
  delete rest['propertyNames'];
  const { type } = rest;
  if (Array.isArray(type)) {
    const [first] = type.filter((each) => each !== 'null') as string[];
    return toSwagger({ ...schema, type: first, 'x-nullable': type.includes('null') }, rules);
  }
  if (typeof $ref === 'string') return referred($ref, rest, rules);
  const choice = Array.isArray(anyOf) ? notNull(anyOf as JsonSchema[]) : undefined;
  if (choice) return { ...toSwagger(choice, rules), ...rest, 'x-nullable': true };
  return {
    ...rest,
    ...(only === undefined ? {} : { enum: [only] }),
    ...(Array.isArray(examples) ? { example: examples[0] as unknown } : {}),
    ...(isSchema(properties) ? { properties: propertiesOf(properties, rules) } : {}),
    ...(isSchema(items) ? { items: toSwagger(items, rules) } : {}),
    ...(isSchema(more) && Object.keys(more).length > 0 ? { additionalProperties: toSwagger(more, rules) } : {}),
  };
}

function referred(reference: string, rest: JsonSchema, rules: Rules): JsonSchema {
  const name = reference.split('/').at(-1) ?? '';
  const schema = rules.resolve(name);
  return schema ? { ...toSwagger(schema, rules), ...rest } : { $ref: `#/definitions/${name}` };
}

/** The one choice beside null. A list of properties of which one is required says nothing that 2.0 can say. */
const notNull = (choices: JsonSchema[]): JsonSchema | undefined => {
  const given = choices.filter(({ type }) => type !== 'null');
  return given.length === 1 && choices.length === 2 ? given[0] : undefined;
};

function propertiesOf(properties: JsonSchema, rules: Rules): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => !name.startsWith('@'))
      .map(([name, schema]) => [name, propertyOf(name, toSwagger(schema as JsonSchema, rules), rules)]),
  );
}

function propertyOf(name: string, schema: JsonSchema, { visibilityOf }: Rules): JsonSchema {
  if ('$ref' in schema) return schema;
  const visibility = visibilityOf(name);
  return {
    'x-ms-summary': summaryOf(name),
    ...(visibility ? { 'x-ms-visibility': visibility } : {}),
    ...schema,
  };
}

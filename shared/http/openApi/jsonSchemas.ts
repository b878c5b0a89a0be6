import { z } from 'zod';
import { driveItemBodySchema } from '../../domain/driveItemRequest';
import { linkedInBodySchema } from '../../domain/linkedInRequest';
import {
  commonOptions,
  duration,
  emailAddress,
  instant,
  languageTag,
  redirectUrl,
  reminders,
} from '../../domain/requestFields';
import { listParametersSchema } from '../listQuery';

/** JSON Schema of draft 2020-12, as far as zod makes it. */
export type JsonSchema = Record<string, unknown>;

const INSTANT = { type: 'string', format: 'date-time', examples: ['2026-12-01T09:00:00Z'] };

/**
 * What zod can't say of schemas that check or change a value in code. An entry takes the place of what zod says, where it
 * has a type, and is added to it otherwise.
 */
const HINTS = new Map<z.core.$ZodType, JsonSchema>([
  [emailAddress, { format: 'email', maxLength: 254, examples: ['ann@fabrikam.com'] }],
  [languageTag, { maxLength: 35, examples: ['en-US'] }],
  [redirectUrl, { format: 'uri', examples: ['https://myapp.contoso.com'] }],
  [duration, { format: 'duration', examples: ['P3D'] }],
  [reminders.shape.timeZone.unwrap(), { examples: ['Europe/Berlin'] }],
  [instant, INSTANT],
  [listParametersSchema.shape.createdAfter.unwrap(), INSTANT],
  [listParametersSchema.shape.maxpagesize.unwrap(), { type: 'integer', minimum: 1, maximum: 1000, default: 50 }],
  [commonOptions.replaces.unwrap(), { format: 'uuid' }],
  [
    commonOptions.metadata.unwrap(),
    {
      type: 'object',
      maxProperties: 20,
      propertyNames: { type: 'string', pattern: '^[A-Za-z][\\w.-]{0,63}$' },
      additionalProperties: { type: 'string', minLength: 1, maxLength: 256 },
    },
  ],
  [driveItemBodySchema.shape.target, { examples: ['/drives/b!1/items/01ABC'] }],
  [
    driveItemBodySchema.shape.recipients.element,
    { anyOf: [{ required: ['email'] }, { required: ['objectId'] }, { required: ['alias'] }] },
  ],
  [
    linkedInBodySchema.shape.created,
    { type: ['integer', 'string'], format: 'int64', pattern: '^-?\\d{1,19}$', examples: ['1732147200000'] },
  ],
]);

/** Patterns that only repeat a format, and bounds that only repeat what a JSON number may be, are left out. */
function plain(schema: JsonSchema): void {
  if (schema['format'] === 'date-time' || schema['format'] === 'uuid') delete schema['pattern'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
}

function override({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: JsonSchema }): void {
  const hint = HINTS.get(zodSchema);
  if (hint && 'type' in hint) for (const name of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, name);
  Object.assign(jsonSchema, hint);
  plain(jsonSchema);
}

const OPTIONS = { io: 'input', unrepresentable: 'any', override } as const;

/** One schema for each name, which name each other where one holds another: `refTo` says how. */
export function jsonSchemasOf(
  schemas: Record<string, z.ZodType>,
  refTo: (name: string) => string,
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { ...OPTIONS, uri: refTo }).schemas as Record<string, JsonSchema>;
  return Object.fromEntries(Object.entries(made).map(([id, schema]) => [id, withoutMeta(schema)]));
}

/** Of a schema that is no component, such as that of a query's parameters. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema => withoutMeta(z.toJSONSchema(schema, OPTIONS));

const withoutMeta = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'));

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { connectorDefinition } from '../../../tools/connector/definition';
import { summaryOf, toSwagger } from '../../../tools/connector/swaggerSchema';
import { lint } from '../../support/redocly';

const FOLDER = path.join(__dirname, '../../../connector');
const fileOf = (name: string): unknown => JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8'));

const definition = connectorDefinition();

const parameter = z.looseObject({
  name: z.string(),
  in: z.string(),
  'x-ms-summary': z.string().optional(),
  schema: z.looseObject({}).optional(),
});
const operationSchema = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  parameters: z.array(parameter),
  responses: z.record(z.string(), z.looseObject({})),
});
const pathItem = z.looseObject({ post: operationSchema.optional() });
const paths = z.record(z.string(), pathItem).parse(definition['paths']);

const operations = Object.values(paths)
  .flatMap((item) => Object.entries(item))
  .filter(([name]) => !name.startsWith('x-'))
  .map(([, operation]) => operationSchema.parse(operation));

const trigger = paths['/api/subscriptions']?.post;

it('is in connector/ as it is made now: npm run connector', () => {
  expect(fileOf('apiDefinition.swagger.json')).toEqual(JSON.parse(JSON.stringify(definition)));
});

it('is OpenAPI 2.0 in which the recommended rules find nothing', async () => {
  expect(await lint(definition)).toEqual([]);
}, 60_000);

it('has the actions and the trigger by names that flows keep', () => {
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual([
    'ApproveInvitation',
    'DeleteSubscription',
    'GetInvitation',
    'InvitationChanged',
    'InviteGuest',
    'ListInvitations',
    'RejectInvitation',
    'ResendInvitation',
    'RevokeInvitation',
  ]);
});

it('is a webhook trigger as flows know them: a URL to fill in, a content, and DELETE on the Location of the 201', () => {
  const { operationId, parameters = [], responses = {} } = trigger ?? {};
  expect([operationId, trigger?.['x-ms-trigger']]).toEqual(['InvitationChanged', 'single']);
  expect(parameters[0]?.schema).toMatchObject({
    required: ['url'],
    properties: { url: { 'x-ms-notification-url': true, 'x-ms-visibility': 'internal' } },
  });
  expect(responses['201']?.['headers']).toHaveProperty('Location');
  expect(paths['/api/subscriptions']?.['x-ms-notification-content']).toMatchObject({
    schema: { $ref: '#/definitions/InvitationEvent' },
  });
  expect(paths['/api/subscriptions/{id}']).toMatchObject({
    delete: { operationId: 'DeleteSubscription', 'x-ms-visibility': 'internal' },
  });
});

it('has a title at every property and parameter, and every schema that it names', () => {
  const untitled: string[] = [];
  const dangling: string[] = [];
  const definitions = definition['definitions'] as object;
  const walk = (value: unknown, at: string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    const isProperty = at.at(-2) === 'properties';
    if (isProperty && !('$ref' in value) && !('x-ms-summary' in value)) untitled.push(at.join('.'));
    if ('$ref' in value && !Object.hasOwn(definitions, String(value.$ref).replace('#/definitions/', ''))) {
      dangling.push(String(value.$ref));
    }
    for (const [name, each] of Object.entries(value)) walk(each, [...at, name]);
  };
  walk(definition, []);
  for (const { operationId, parameters } of operations) {
    for (const each of parameters) {
      if (each.in !== 'body' && each['x-ms-summary'] === undefined) untitled.push(`${operationId} ${each.name}`);
    }
  }
  expect({ untitled, dangling }).toEqual({ untitled: [], dangling: [] });
});

it('asks a connection for what the definition needs: the host and a key', () => {
  expect(Object.keys(definition['securityDefinitions'] as object)).toEqual(['api_key']);
  expect(fileOf('apiProperties.json')).toMatchObject({
    properties: {
      connectionParameters: { host: { type: 'string' }, api_key: { type: 'securestring' } },
      policyTemplateInstances: [
        {
          templateId: 'dynamichosturl',
          parameters: { 'x-ms-apimTemplateParameter.urlTemplate': "https://@connectionParameters('host')" },
        },
      ],
    },
  });
});

it.each([
  ['inviteRedirectUrl', 'Invite redirect URL'],
  ['Idempotency-Key', 'Idempotency key'],
  ['externalId', 'External ID'],
  ['at', 'At'],
])('titles %s as %s', (name, title) => {
  expect(summaryOf(name)).toBe(title);
});

const bare = { resolve: () => undefined, visibilityOf: () => undefined };

it.each([
  [
    { const: 'guest', type: 'string' },
    { enum: ['guest'], type: 'string' },
  ],
  [{ type: ['string', 'null'] }, { type: 'string', 'x-nullable': true }],
  [
    { description: 'a', anyOf: [{ type: 'string' }, { type: 'null' }] },
    { type: 'string', description: 'a', 'x-nullable': true },
  ],
  [{ type: 'object', additionalProperties: false }, { type: 'object' }],
  [{ description: 'a', $ref: '#/components/schemas/Invitation' }, { $ref: '#/definitions/Invitation' }],
  [
    { properties: { '@odata.type': {}, sentAt: { type: 'string' } } },
    { properties: { sentAt: { 'x-ms-summary': 'Sent at', type: 'string' } } },
  ],
])('says %j in the words of OpenAPI 2.0', (schema, wanted) => {
  expect(toSwagger(schema, bare)).toEqual(wanted);
});

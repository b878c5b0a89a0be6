import { parseRequest } from '../../../shared/domain/parseRequest';
import { COMPONENTS, type ComponentName } from '../../../shared/http/openApi/components';
import { described } from '../../../shared/http/openApi/described';
import { openApiDocument } from '../../../shared/http/openApi/document';
import { EXAMPLES } from '../../../shared/http/openApi/examples';
import { type JsonSchema, jsonSchemaOf } from '../../../shared/http/openApi/jsonSchemas';
import { lint } from '../../support/redocly';
import { rules } from '../../support/requests';

const document = openApiDocument();
const { schemas } = document['components'] as { schemas: Record<string, JsonSchema> };

it('is OpenAPI 3.1 in which the recommended rules find nothing, but that two operations refuse nobody', async () => {
  const problems = await lint(document);
  expect(problems.map(({ rule, at, message }) => [rule, at, message])).toEqual([
    ['operation-4xx-response', '#/paths/~1health/get/responses', expect.any(String)],
    ['operation-4xx-response', '#/paths/~1openapi.json/get/responses', expect.any(String)],
  ]);
}, 60_000);

const examples = Object.entries(EXAMPLES).flatMap(([name, all]) =>
  Object.entries(all).map(([which, { value }]) => ({ name: name as ComponentName, which, value: value })),
);

it.each(examples)('has example $which of $name, which its own schema takes', ({ name, value }) => {
  expect(COMPONENTS[name].safeParse(value).error?.message).toBeUndefined();
});

it.each(examples.filter(({ name }) => name === 'InvitationRequest'))(
  'has example $which of a request, which is understood as it stands',
  ({ value }) => {
    expect(parseRequest(value, rules())).toMatchObject({ ok: true });
  },
);

/** Where zod's own JSON Schema says nothing or too much, because a check or a change is code. */
it.each([
  ['GuestInvitationRequest', 'invitedUserEmailAddress', { type: 'string', format: 'email', maxLength: 254 }],
  ['GuestInvitationRequest', 'inviteRedirectUrl', { type: 'string', format: 'uri', maxLength: 2048 }],
  ['GuestInvitationRequest', 'notBefore', { type: 'string', format: 'date-time' }],
  ['GuestInvitationRequest', 'expireAfter', { type: 'string', format: 'duration' }],
  ['GuestInvitationRequest', 'replaces', { type: 'string', format: 'uuid' }],
  ['GuestInvitationRequest', 'metadata', { type: 'object', maxProperties: 20 }],
  ['GuestInvitationRequest', 'kind', { const: 'guest', default: 'guest' }],
  ['LinkedInInvitationRequest', 'created', { type: ['integer', 'string'], format: 'int64' }],
])('says of %s.%s what the code checks', (name, property, wanted) => {
  expect((schemas[name]?.['properties'] as JsonSchema)[property]).toMatchObject(wanted);
});

it('holds no schema that says nothing, but what a source may send', () => {
  expect(empties(schemas)).toEqual(['WebhookPayload']);
});

/** Paths of the schemas without any word on what they take. */
function empties(value: unknown, path: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const isSchema = ['properties', 'schemas'].includes(path.at(-2) ?? '') || path.length === 1;
  const says = ['type', 'const', 'enum', 'anyOf', 'oneOf', '$ref'].some((word) => word in value);
  const own = isSchema && !Array.isArray(value) && !says ? [path.join('.')] : [];
  return [...own, ...Object.entries(value).flatMap(([name, each]) => empties(each, [...path, name]))];
}

it('takes no guest without an address, and nothing that is not named', () => {
  expect(schemas['GuestInvitationRequest']).toMatchObject({
    required: ['invitedUserEmailAddress'],
    additionalProperties: false,
  });
});

it('refuses to be made with a property that nobody described', () => {
  const schema = { properties: { invitedUserEmailAddress: {}, somethingNew: {} } };
  expect(() => described('GuestInvitationRequest', schema)).toThrow(
    'GuestInvitationRequest.somethingNew has no text in shared/http/openApi/texts.ts.',
  );
});

it('gives a text that is meant for one place to that place alone', () => {
  const idOf = (name: string) => (schemas[name]?.['properties'] as Record<string, JsonSchema>)['id']?.['description'];
  expect([idOf('Subscription'), idOf('GuestInvitation')]).toEqual(['Id of the subscription.', 'Id of the invitation.']);
});

it('names no place of this machine or of one app', () => {
  expect(JSON.stringify(document)).not.toMatch(/127\.0\.0\.1|localhost|azurewebsites/);
});

it('turns a schema into JSON Schema without zod’s own marks', () => {
  expect(jsonSchemaOf(COMPONENTS.ApprovalComment)).toEqual({
    type: 'object',
    properties: { comment: { type: 'string', minLength: 1, maxLength: 1000 } },
    additionalProperties: false,
  });
});

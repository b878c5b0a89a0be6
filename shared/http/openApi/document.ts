import { type Access, toApprove, toChange, toCreate, toManage, toRead } from '../auth/access';
import { COMPONENTS, type ComponentName } from './components';
import { described } from './described';
import { EXAMPLES } from './examples';
import { HEADERS } from './headers';
import { type JsonSchema, jsonSchemasOf } from './jsonSchemas';
import type { Operation, Parameter, RequestBody } from './operation';
import { OPERATIONS } from './operations';
import { jsonContent, responsesOf, textContent } from './responses';
import { COMPONENT_TEXTS } from './texts';

/**
 * The API as OpenAPI 3.1, made from the schemas that requests are held to and from the list of operations. Takes about a
 * tenth of a second, so it is made when it is first asked for.
 * @see https://spec.openapis.org/oas/v3.1.1
 */
export function openApiDocument(): JsonSchema {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Invitation workflow',
      version: '1.0.0',
      summary: 'Invites people through Microsoft Graph once, reminds them, and knows what became of each invitation.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api', description: 'The app that serves this document.' }],
    tags: TAGS,
    paths: pathsOf(OPERATIONS),
    webhooks: { invitationChanged: { post: EVENT } },
    components: { schemas: schemas(), headers: HEADERS, securitySchemes: SECURITY_SCHEMES },
  };
}

const DESCRIPTION = [
  'Requests are answered once they are stored; what follows happens on its own and is told by `GET /invitations/{id}` and by events.',
  'An error is `{"error": {"code", "message", …}}` with the code in the header `x-ms-error-code` too, and each operation names the codes that it may give.',
  'A 401 of the Functions host, for a function key that is missing or wrong, has no body.',
].join(' ');

const TAGS = [
  { name: 'Invitations', description: 'Ask for invitations, look at them, change and erase them.' },
  { name: 'Decisions', description: 'What people and approval flows decide about an invitation.' },
  { name: 'Subscriptions', description: 'Who is told of events.' },
  { name: 'Webhooks', description: 'What HR systems and the like send.' },
  { name: 'App', description: 'The app itself.' },
];

const SECURITY_SCHEMES = {
  functionKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-functions-key',
    description: 'With AUTH=keys: a function key. It may do everything.',
  },
  entra: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'With AUTH=entra: an access token of Entra for this API. Its app roles say what it may do.',
  },
};

function schemas(): Record<string, JsonSchema> {
  const made = jsonSchemasOf(COMPONENTS, (name) => `#/components/schemas/${name}`);
  return Object.fromEntries(
    Object.entries(made).map(([name, schema]) => [
      name,
      { description: COMPONENT_TEXTS[name as ComponentName], ...described(name, schema) },
    ]),
  );
}

function pathsOf(operations: readonly Operation[]): Record<string, Record<string, JsonSchema>> {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = shown(operation);
  return paths;
}

function shown(operation: Operation): JsonSchema {
  const { id, tag, summary, description, access, parameters = [], body } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `${description}${rolesOf(access)}`,
    security: securityOf(access),
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(shownParameter) }),
    ...(body ? { requestBody: shownBody(body) } : {}),
    responses: responsesOf(operation),
  };
}

const shownBody = ({ schema, isOptional, texts }: RequestBody): JsonSchema => ({
  required: isOptional !== true,
  content: { ...jsonContent([schema], EXAMPLES[schema]), ...textContent(texts) },
});

const shownParameter = ({ name, in: place, description, schema, isRequired }: Parameter): JsonSchema => ({
  name,
  in: place,
  description,
  ...(isRequired ? { required: true } : {}),
  schema,
});

/** With AUTH=entra each of the roles is enough by itself. */
function securityOf(access: Operation['access']): JsonSchema[] {
  if (typeof access === 'string') return [];
  const roles = [...access.all, ...(access.own === undefined ? [] : [access.own])];
  return [{ functionKey: [] }, ...roles.map((role) => ({ entra: [role] }))];
}

const ACCESS_TEXTS = new Map<Access, string>([
  [toCreate, 'Role: Invitation.Create.'],
  [toRead, 'Roles: Invitation.Read.All, Invitation.Manage; Invitation.Create for one’s own.'],
  [toChange, 'Roles: Invitation.Manage; Invitation.Create for one’s own.'],
  [toManage, 'Role: Invitation.Manage.'],
  [toApprove, 'Role: Invitation.Approve.'],
]);

const rolesOf = (access: Operation['access']): string => {
  const text = typeof access === 'string' ? undefined : ACCESS_TEXTS.get(access);
  return text === undefined ? '' : ` ${text}`;
};

const EVENT: JsonSchema = {
  operationId: 'invitationChanged',
  tags: ['Subscriptions'],
  summary: 'Something happened to an invitation',
  description:
    'What subscribers are posted, signed as Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`. Any 2xx takes it, 410 ends the subscription, everything else is tried again for a day. https://www.standardwebhooks.com',
  security: [],
  parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => ({
    name,
    in: 'header',
    required: true,
    description: 'Of Standard Webhooks.',
    schema: { type: 'string' },
  })),
  requestBody: { required: true, content: jsonContent(['InvitationEvent'], EXAMPLES.InvitationEvent) },
  responses: { '2XX': { description: 'It was taken.' }, 410: { description: 'No more events, please.' } },
};

import { ERROR_CODES } from '../../shared/http/errorCodes';
import { openApiDocument } from '../../shared/http/openApi/document';
import type { JsonSchema } from '../../shared/http/openApi/jsonSchemas';
import { type Operation, type Parameter, errorCodesOf } from '../../shared/http/openApi/operation';
import { OPERATIONS } from '../../shared/http/openApi/operations';
import { type Rules, type Visibility, summaryOf, toSwagger } from './swaggerSchema';

type Schemas = Record<string, JsonSchema>;

/** What of the API is an action, by the name that a flow keeps: it never changes. */
const ACTIONS: Record<string, { operation: string; visibility?: Visibility }> = {
  InviteGuest: { operation: 'requestInvitation', visibility: 'important' },
  GetInvitation: { operation: 'getInvitation', visibility: 'important' },
  ListInvitations: { operation: 'listInvitations' },
  ApproveInvitation: { operation: 'approveInvitation', visibility: 'important' },
  RejectInvitation: { operation: 'rejectInvitation', visibility: 'important' },
  RevokeInvitation: { operation: 'revokeInvitation' },
  ResendInvitation: { operation: 'resendInvitation' },
  InvitationChanged: { operation: 'createSubscription', visibility: 'important' },
  DeleteSubscription: { operation: 'deleteSubscription', visibility: 'internal' },
};

/** Of a body all others are under "Show advanced options". */
const IMPORTANT = new Set([
  'invitedUserEmailAddress',
  'invitedUserDisplayName',
  'inviteRedirectUrl',
  'comment',
  'events',
]);

/** The page of Graph with which the body of an action agrees: a designer shows one form and no choice of several. */
const BODIES: Record<string, string> = { InvitationRequest: 'GuestInvitationRequest' };

/**
 * The custom connector's definition: OpenAPI 2.0 with Microsoft's extensions, made from the same schemas as /openapi.json.
 * The host is the one that a connection names (apiProperties.json), so paths hold the whole path.
 */
export function connectorDefinition(): JsonSchema {
  const { schemas } = openApiDocument()['components'] as { schemas: Schemas };
  const invitation = ofEveryKind(schemas);
  const resolve = (name: string) => (name === 'Invitation' ? undefined : schemas[name]);
  const answerRules: Rules = { resolve, visibilityOf: () => undefined };
  return {
    swagger: '2.0',
    info: {
      title: 'Invitation workflow',
      description:
        'Invites people through Microsoft Graph once, reminds them, and tells what became of each invitation.',
      version: '1.0',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    host: 'your-app.azurewebsites.net',
    basePath: '/',
    schemes: ['https'],
    consumes: ['application/json'],
    produces: ['application/json'],
    paths: pathsOf(schemas, resolve),
    definitions: {
      Invitation: toSwagger(invitation, answerRules),
      ...Object.fromEntries(
        ['InvitationList', 'InvitationEvent', 'CreatedSubscription', 'Error'].map((name) => [
          name,
          toSwagger(schemas[name] ?? {}, answerRules),
        ]),
      ),
    },
    securityDefinitions: { api_key: { type: 'apiKey', in: 'header', name: 'x-functions-key' } },
    security: [{ api_key: [] }],
  };
}

/** A designer offers the properties of one object: those of guests and of shared items together. */
function ofEveryKind(schemas: Schemas): JsonSchema {
  const [guest, driveItem] = [schemas['GuestInvitation'] ?? {}, schemas['DriveItemInvitation'] ?? {}];
  const required = (guest['required'] as string[]).filter((name) => (driveItem['required'] as string[]).includes(name));
  const kind = {
    description: 'What the person is invited to.',
    type: 'string',
    enum: ['guest', 'driveItem', 'linkedIn'],
  };
  return {
    type: 'object',
    description: schemas['Invitation']?.['description'],
    properties: { ...(driveItem['properties'] as Schemas), ...(guest['properties'] as Schemas), kind },
    required,
  };
}

function pathsOf(schemas: Schemas, resolve: Rules['resolve']): Schemas {
  const paths: Schemas = {};
  for (const [id, { operation, visibility }] of Object.entries(ACTIONS)) {
    const found = OPERATIONS.find((each) => each.id === operation);
    if (!found) throw new Error(`There is no operation ${operation} any more, which the connector’s ${id} is made of.`);
    const path = (paths[`/api${found.path}`] ??= {});
    path[found.method] = {
      ...shown(id, found, schemas, resolve),
      ...(visibility ? { 'x-ms-visibility': visibility } : {}),
    };
    if (found.id === 'createSubscription') {
      path['x-ms-notification-content'] = {
        description: 'Something happened to an invitation.',
        schema: { $ref: '#/definitions/InvitationEvent' },
      };
    }
  }
  return paths;
}

function shown(id: string, operation: Operation, schemas: Schemas, resolve: Rules['resolve']): JsonSchema {
  const { summary, description, parameters = [], body } = operation;
  const isTrigger = operation.id === 'createSubscription';
  const name = body && (BODIES[body.schema] ?? body.schema);
  return {
    operationId: id,
    summary: SUMMARIES[id] ?? summary,
    description: isTrigger ? TRIGGER : description,
    ...(isTrigger
      ? { 'x-ms-trigger': 'single', 'x-ms-trigger-hint': 'To see it work, invite somebody a minute later.' }
      : {}),
    parameters: [
      ...parameters.filter(({ name: each }) => !NOT_FOR_FLOWS.has(each)).map(shownParameter),
      ...(name === undefined ? [] : [bodyOf(schemas[name] ?? {}, resolve, body?.isOptional !== true)]),
    ],
    responses: responsesOf(operation),
  };
}

/** Where the API’s own summary says more, or less, than the action does. */
const SUMMARIES: Record<string, string> = {
  InviteGuest: 'Invite a guest',
  InvitationChanged: 'When an invitation changes',
};

const TRIGGER =
  'Runs for each event from a minute after the flow is switched on. An event may come twice, or late: its invitation’s own status is the newest.';

/** What a designer’s own machinery does, or can’t. */
const NOT_FOR_FLOWS = new Set(['If-None-Match', 'Prefer', 'skiptoken']);

function shownParameter({ name, in: place, description, schema, isRequired }: Parameter): JsonSchema {
  const { examples: [example] = [], ...rest } = schema as JsonSchema & { examples?: unknown[] };
  const isAdvanced = place === 'header' || !['id', 'status', 'email'].includes(name);
  return {
    name,
    in: place,
    description,
    required: isRequired ?? false,
    'x-ms-summary': summaryOf(name),
    ...(isRequired ? {} : { 'x-ms-visibility': isAdvanced ? 'advanced' : 'important' }),
    ...rest,
    ...(example === undefined ? {} : { 'x-example': example }),
  };
}

function bodyOf(schema: JsonSchema, resolve: Rules['resolve'], isRequired: boolean): JsonSchema {
  const made = toSwagger(schema, { resolve, visibilityOf });
  const { url, ...others } = made['properties'] as Schemas;
  // The designer fills it in with the address of the flow.
  const properties = url
    ? { url: { ...url, 'x-ms-notification-url': true, 'x-ms-visibility': 'internal' }, ...others }
    : others;
  return { name: 'body', in: 'body', required: isRequired, schema: { ...made, properties } };
}

const visibilityOf = (name: string): Visibility =>
  name === 'kind' ? 'internal' : IMPORTANT.has(name) ? 'important' : 'advanced';

/** One definition an answer: where several are possible a flow gets the first, which is an invitation. */
function responsesOf(operation: Operation): Schemas {
  const good = Object.entries(operation.answers).filter(([status]) => status !== '304');
  return {
    ...Object.fromEntries(
      good.map(([status, { description, schemas: names = [], headers = [] }]) => [
        status,
        {
          description,
          ...(names[0] === undefined ? {} : { schema: { $ref: `#/definitions/${names[0]}` } }),
          ...(headers.includes('Location')
            ? { headers: { Location: { type: 'string', description: 'Where to look.' } } }
            : {}),
        },
      ]),
    ),
    ...errorsOf(operation),
  };
}

/** Those of tokens are left out: a connection has a key. */
function errorsOf(operation: Operation): Schemas {
  const errors: Record<number, { description: string; schema: JsonSchema }> = {};
  for (const code of errorCodesOf(operation)) {
    const { status, means } = ERROR_CODES[code];
    if (status === 401 || code === 'missingRole' || code === 'signingKeysUnavailable') continue;
    const before = errors[status] ? `${errors[status].description} ` : '';
    errors[status] = { description: `${before}\`${code}\`: ${means}`, schema: { $ref: '#/definitions/Error' } };
  }
  return { ...errors, 401: { description: 'The function key is missing or wrong.' } };
}

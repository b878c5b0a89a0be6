import { listParametersSchema } from '../listQuery';
import { emailAddress } from '../../domain/requestFields';
import { jsonSchemaOf } from './jsonSchemas';
import type { Parameter } from './operation';

const uuid = { type: 'string', format: 'uuid' };

export const INVITATION_ID: Parameter = {
  name: 'id',
  in: 'path',
  description: 'Id of the invitation.',
  schema: uuid,
  isRequired: true,
};

export const SUBSCRIPTION_ID: Parameter = { ...INVITATION_ID, description: 'Id of the subscription.' };

export const SOURCE: Parameter = {
  name: 'source',
  in: 'path',
  description: 'Name of a source in the setting SOURCES.',
  schema: { type: 'string' },
  isRequired: true,
};

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ */
export const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'A text of your own, such as a UUID: a repeat with the same key does nothing more and is answered alike.',
  schema: { type: 'string', pattern: '^"?[\\x21-\\x7e]{1,255}"?$', examples: ['6f3f3a5e-2f0b-4b51-9d0e-2f5a7f9d9b11'] },
};

export const IF_NONE_MATCH: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The ETag of an earlier answer: 304 where nothing has changed since.',
  schema: { type: 'string' },
};

export const PREFER: Parameter = {
  name: 'Prefer',
  in: 'header',
  description: '`odata.maxpagesize=…` asks for a page size, as `maxpagesize` does.',
  schema: { type: 'string', examples: ['odata.maxpagesize=100'] },
};

const LIST_TEXTS: Record<keyof typeof listParametersSchema.shape, string> = {
  status: 'Only invitations with this status.',
  kind: 'Only invitations of this kind.',
  email: 'Only invitations of this address, however it is written.',
  source: 'Only invitations with this source.',
  externalId: 'Only invitations with this externalId.',
  createdAfter: 'Only invitations requested at this instant or later.',
  createdBefore: 'Only invitations requested before this instant.',
  maxpagesize: 'The most invitations on one page.',
  skiptoken: 'Where the page begins: from nextLink, as it is.',
};

export const LIST_PARAMETERS: Parameter[] = Object.entries(listParametersSchema.shape).map(([name, schema]) => ({
  name,
  in: 'query',
  description: LIST_TEXTS[name as keyof typeof LIST_TEXTS],
  schema: jsonSchemaOf(schema),
}));

export const DRY_RUN: Parameter = {
  name: 'dryRun',
  in: 'query',
  description: 'true: nothing is written, and the answer says what would happen and when.',
  schema: { type: 'boolean', default: false },
};

/** One of the three names the person. */
export const PERSON_PARAMETERS: Parameter[] = [
  { name: 'email', in: 'query', description: 'Address of the person.', schema: jsonSchemaOf(emailAddress) },
  { name: 'objectId', in: 'query', description: 'Directory id of the recipient of shares.', schema: uuid },
  { name: 'alias', in: 'query', description: 'Alias of the recipient of shares.', schema: { type: 'string' } },
];

import { toChange, toCreate, toManage, toRead } from '../auth/access';
import { DECIDED, JSON_ERRORS, KEY_ERRORS } from './usualAnswers';
import type { Operation } from './operation';
import {
  DRY_RUN,
  IDEMPOTENCY_KEY,
  IF_NONE_MATCH,
  INVITATION_ID,
  LIST_PARAMETERS,
  PERSON_PARAMETERS,
  PREFER,
} from './parameters';

const BULK_CSV = [
  'invitedUserEmailAddress,inviteRedirectUrl,reminders.after',
  'ann@fabrikam.com,https://myapp.contoso.com,P3D;P7D',
  'ben@fabrikam.com,https://myapp.contoso.com,',
  '',
].join('\r\n');

export const INVITATION_OPERATIONS: readonly Operation[] = [
  {
    id: 'requestInvitation',
    functionName: 'requestInvitation',
    method: 'post',
    path: '/invitations',
    tag: 'Invitations',
    summary: 'Invite a person',
    description:
      'Takes a request and answers as soon as it is stored; the mail goes out within seconds, or as fast as Microsoft Graph lets the tenant. A person with an open invitation to the same is not invited again.',
    access: toCreate,
    parameters: [IDEMPOTENCY_KEY],
    body: { schema: 'InvitationRequest' },
    answers: {
      202: {
        description: 'It is stored and goes out whatever happens next. For several recipients: a result for each.',
        schemas: ['Invitation', 'InvitationBatch'],
        headers: ['Location', 'Retry-After'],
      },
      200: {
        description: 'The person has an open invitation to the same: that one. `warnings` say what differs.',
        schemas: ['Invitation'],
        headers: ['Location', 'Retry-After'],
      },
    },
    errors: [...JSON_ERRORS, ...KEY_ERRORS, 'duplicate', 'inProgress', 'callerQuotaReached', 'recipientQuotaReached'],
  },
  {
    id: 'bulkInvitations',
    functionName: 'bulkInvitations',
    method: 'post',
    path: '/invitations/bulk',
    tag: 'Invitations',
    summary: 'Invite many people',
    description:
      'Each entry is taken or refused by itself. CSV has a header line of property names (`invitedUserMessageInfo.messageLanguage`), or is Microsoft’s template for bulk invitations as it is.',
    access: toCreate,
    parameters: [DRY_RUN, IDEMPOTENCY_KEY],
    body: { schema: 'BulkRequest', texts: { 'text/csv': BULK_CSV } },
    answers: {
      202: {
        description: 'A result for each entry, even where all were refused.',
        schemas: ['BulkResult'],
        headers: ['Retry-After'],
      },
      200: { description: 'Of a dry run: what would happen.', schemas: ['BulkForeseen'] },
    },
    errors: [...JSON_ERRORS, ...KEY_ERRORS, 'invalidCsv', 'tooManyEntries', 'inProgress'],
  },
  {
    id: 'listInvitations',
    functionName: 'listInvitations',
    method: 'get',
    path: '/invitations',
    tag: 'Invitations',
    summary: 'List invitations',
    description:
      'Newest first, page by page: follow `nextLink` until there is none. As CSV where Accept asks for text/csv.',
    access: toRead,
    parameters: [...LIST_PARAMETERS, PREFER],
    answers: {
      200: {
        description: 'A page.',
        schemas: ['InvitationList'],
        headers: ['Link', 'Vary', 'Preference-Applied'],
        texts: { 'text/csv': 'id,status,kind\r\n0199c6f0-7a31-7c55-9c1e-7b2f6c1e5a0b,accepted,guest\r\n' },
      },
    },
    errors: ['invalidRequest'],
  },
  {
    id: 'erasePerson',
    functionName: 'erasePerson',
    method: 'delete',
    path: '/invitations',
    tag: 'Invitations',
    summary: 'Erase a person',
    description:
      'Erases addresses, names and texts of every closed invitation of one person. Name the person in one way.',
    access: toManage,
    parameters: PERSON_PARAMETERS,
    answers: { 200: { description: 'What became of each invitation.', schemas: ['ErasedPerson'] } },
    errors: ['invalidRequest'],
  },
  {
    id: 'getInvitation',
    functionName: 'getInvitation',
    method: 'get',
    path: '/invitations/{id}',
    tag: 'Invitations',
    summary: 'Get an invitation',
    description: 'Always 200 for one that exists, so whoever polls `Location` until it is not 202 is through at once.',
    access: toRead,
    parameters: [INVITATION_ID, IF_NONE_MATCH],
    answers: {
      200: { description: 'The invitation with its history.', schemas: ['Invitation'], headers: ['ETag'] },
      304: { description: 'Nothing has changed since the answer with that ETag.', headers: ['ETag'] },
    },
    errors: ['notFound'],
  },
  {
    id: 'patchInvitation',
    functionName: 'patchInvitation',
    method: 'patch',
    path: '/invitations/{id}',
    tag: 'Invitations',
    summary: 'Change an invitation',
    description:
      'Changes message, reminders, expiry or date of what is not closed. For another address make a new one with `replaces`.',
    access: toChange,
    parameters: [INVITATION_ID, IDEMPOTENCY_KEY],
    body: { schema: 'InvitationChange' },
    answers: { 202: DECIDED },
    errors: [...JSON_ERRORS, ...KEY_ERRORS, 'notFound', 'statusForbids', 'sendInProgress', 'alreadyDue'],
  },
  {
    id: 'eraseInvitation',
    functionName: 'eraseInvitation',
    method: 'delete',
    path: '/invitations/{id}',
    tag: 'Invitations',
    summary: 'Erase an invitation',
    description: 'Erases addresses, names and texts of a closed one now and not only after RETAIN_DAYS.',
    access: toManage,
    parameters: [INVITATION_ID, IDEMPOTENCY_KEY],
    answers: { 204: { description: 'They are gone.' } },
    errors: ['invalidHeader', 'notFound', 'statusForbids', 'workOutstanding'],
  },
];

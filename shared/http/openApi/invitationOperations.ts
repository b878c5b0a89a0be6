import { type Access, toApprove, toChange, toCreate, toManage, toRead } from '../auth/access';
import type { ErrorCode } from '../errorCodes';
import type { Answer, Operation } from './operation';
import {
  DRY_RUN,
  IDEMPOTENCY_KEY,
  IF_NONE_MATCH,
  INVITATION_ID,
  LIST_PARAMETERS,
  PERSON_PARAMETERS,
  PREFER,
} from './parameters';

const JSON_ERRORS = ['invalidJson', 'invalidRequest', 'bodyTooLarge', 'unsupportedMediaType'] as const;
const KEY_ERRORS = ['invalidHeader', 'idempotencyKeyReused'] as const;

const DECIDED: Answer = {
  description: 'It is done, or it was done before; `Location` is where to look.',
  schemas: ['Invitation'],
  headers: ['Location', 'Retry-After'],
};

const BULK_CSV = [
  'invitedUserEmailAddress,inviteRedirectUrl,reminders.after',
  'ann@fabrikam.com,https://myapp.contoso.com,P3D;P7D',
  'ben@fabrikam.com,https://myapp.contoso.com,',
  '',
].join('\r\n');

interface Decision {
  id: string;
  action?: string;
  summary: string;
  description: string;
  access: Access;
  errors: readonly ErrorCode[];
}

/** POST /invitations/{id}/{action} without a body. */
const decision = ({ id, action = id, summary, description, access, errors }: Decision): Operation => ({
  id,
  functionName: id,
  method: 'post',
  path: `/invitations/{id}/${action}`,
  tag: 'Decisions',
  summary,
  description,
  access,
  parameters: [INVITATION_ID, IDEMPOTENCY_KEY],
  answers: { 202: DECIDED },
  // A repeat has no other body, so its key is never another request's.
  errors: ['invalidHeader', 'notFound', ...errors],
});

/** The same with a comment. */
const approval = (of: Omit<Decision, 'access' | 'errors'>): Operation => ({
  ...decision({ ...of, access: toApprove, errors: [...JSON_ERRORS, 'idempotencyKeyReused', 'statusForbids'] }),
  body: { schema: 'ApprovalComment', isOptional: true },
});

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
  decision({
    id: 'resendInvitation',
    action: 'resend',
    summary: 'Send an invitation again',
    description: 'One more mail, unless one is due, in flight or under ten minutes old: then it is that one.',
    access: toChange,
    errors: ['statusForbids', 'noMail', 'revokeInProgress', 'tooManySends'],
  }),
  decision({
    id: 'revokeInvitation',
    action: 'revoke',
    summary: 'Revoke an invitation',
    description:
      'No more mails. A guest is removed only where ON_REVOKE says so; access to a shared item is taken back.',
    access: toChange,
    errors: ['statusForbids'],
  }),
  approval({
    id: 'approveInvitation',
    action: 'approve',
    summary: 'Approve an invitation',
    description: 'Lets an invitation go its way that waits for approval.',
  }),
  approval({
    id: 'rejectInvitation',
    action: 'reject',
    summary: 'Reject an invitation',
    description: 'Closes an invitation that waits for approval; nothing is mailed.',
  }),
  decision({
    id: 'retryInvitation',
    action: 'retry',
    summary: 'Try an invitation again',
    description: 'A failed one, or one that needs review, goes out again.',
    access: toManage,
    errors: ['statusForbids', 'sendInProgress', 'erased', 'tooManySends', 'duplicate'],
  }),
  decision({
    id: 'confirmSent',
    summary: 'Confirm that an invitation was sent',
    description: 'One that needs review did arrive: it counts as sent from now on.',
    access: toManage,
    errors: ['statusForbids', 'sendInProgress', 'tooManySends'],
  }),
  decision({
    id: 'resetRedemption',
    summary: 'Invite an accepted guest anew',
    description: 'The same guest redeems once more, with another account for instance.',
    access: toManage,
    errors: ['statusForbids', 'kindForbids', 'erased', 'tooManySends', 'duplicate'],
  }),
  {
    id: 'giveRedeemUrl',
    functionName: 'giveRedeemUrl',
    method: 'post',
    path: '/invitations/{id}/redeemUrl',
    tag: 'Decisions',
    summary: 'Get a fresh redeem URL',
    description: 'For a mail of one’s own. It is in the answer and nowhere else; the history says who took one.',
    access: toChange,
    parameters: [INVITATION_ID],
    answers: { 200: { description: 'The URL.', schemas: ['RedeemUrl'], headers: ['Cache-Control'] } },
    errors: [
      'notFound',
      'statusForbids',
      'kindForbids',
      'sendInProgress',
      'notPending',
      'paceUsedUp',
      'graphUnavailable',
    ],
  },
];

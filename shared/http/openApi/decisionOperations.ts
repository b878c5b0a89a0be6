import { type Access, toApprove, toChange, toManage } from '../auth/access';
import type { ErrorCode } from '../errorCodes';
import { DECIDED, JSON_ERRORS } from './usualAnswers';
import type { Operation } from './operation';
import { IDEMPOTENCY_KEY, INVITATION_ID } from './parameters';

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

/** What may be decided about one invitation. */
export const DECISION_OPERATIONS: readonly Operation[] = [
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

import { type Intent, type Invitation, type SendCause, isReplacingDue, isWorkLeft } from './invitation';
import type { Policy } from './policy';
import { nextReminderAt, reminderDue } from './reminders';
import { type Instant, addMs, later } from './time';

export type Step =
  | { type: 'none' }
  | { type: 'resolve'; intent: Intent }
  | { type: 'enqueue' }
  /** A share waits for the guest invitation with this id. */
  | { type: 'awaitGuest'; invitationId: string }
  | { type: 'revokeReplaced'; replacedId: string }
  /** Graph is told of a change. */
  | { type: 'update'; requestedAt: Instant }
  | SendStep
  | { type: 'checkRedemption' }
  | { type: 'expire' }
  | { type: 'removeGuest' }
  /** Nobody approved in time. */
  | { type: 'rejectOverdue' }
  /** Addresses and names have been kept for long enough. */
  | { type: 'erase' }
  | { type: 'joinGroup'; groupId: string; tries: number };

export interface SendStep {
  type: 'send';
  number: number;
  cause: SendCause;
  /** Of the last reminder that the mail stands for; those before it that fell due too are skipped. */
  reminderIndex?: number;
}

/** Lane 0 sends and resolves; lane 1 reminds, checks and expires: a backlog there never delays a first send. */
export type Lane = 0 | 1;

interface Planned {
  step: Step;
  at: Instant;
  lane: Lane;
}

/**
 * What is due for an invitation now. Pure: the caller does it and reports back through `applyOutcome`.
 *
 * An intent in force belongs to somebody else until it may be resolved, so nothing is due before that.
 */
export function nextStep(invitation: Invitation, now: Instant, policy: Policy): Step {
  const due = agenda(invitation, now, policy).find(({ at }) => at <= now);
  return due?.step ?? { type: 'none' };
}

export interface WakeUp {
  at: Instant;
  lane: Lane;
}

/**
 * The one wake-up an invitation must have: at the earliest thing that will be due; undefined when nothing is left to
 * do. `nextStep` gives something exactly from then on.
 */
export function wakeUpOf(invitation: Invitation, now: Instant, policy: Policy): WakeUp | undefined {
  const [first, ...others] = agenda(invitation, now, policy);
  if (!first) return undefined;
  const earliest = others.reduce((best, other) => (other.at < best.at ? other : best), first);
  return { at: earliest.at, lane: earliest.lane };
}

/** When an intent may be resolved: its worker makes no call after the lease, and the directory has caught up. */
export const resolveAt = (intent: Intent, policy: Policy): Instant => addMs(intent.leaseEndsAt, policy.resolveAfterMs);

/** Everything that is planned, in order of precedence. `now` only tells which reminder a mail would stand for. */
function agenda(invitation: Invitation, now: Instant, policy: Policy): Planned[] {
  const { replaces, intent, createdAt } = invitation;
  // Before anything else and whatever Graph's pace: until then the other one may still mail. It needs no Graph.
  if (replaces?.status === 'due' && isReplacingDue(invitation) && !intent) {
    const step: Step = { type: 'revokeReplaced', replacedId: replaces.id };
    return [{ step, at: later(createdAt, replaces.retryAt), lane: 0 }];
  }
  return outstanding(invitation, now, policy).map((item) => ({
    ...item,
    at: later(item.at, invitation.nextAttemptAt),
  }));
}

function outstanding(invitation: Invitation, now: Instant, policy: Policy): Planned[] {
  const { intent, createdAt } = invitation;
  if (intent) return [{ step: { type: 'resolve', intent }, at: resolveAt(intent, policy), lane: 0 }];
  switch (invitation.status) {
    case 'scheduled':
      return [scheduledStep(invitation)];
    case 'queued':
      return [{ step: { type: 'send', number: invitation.sends.length, cause: 'first' }, at: createdAt, lane: 0 }];
    case 'pendingAcceptance':
      return pendingSteps(invitation, now);
    case 'needsReview':
      return check(invitation);
    case 'expired':
      return [...removal(invitation), ...check(invitation), ...erasure(invitation, policy)];
    case 'revoked':
      return [...removal(invitation), ...erasure(invitation, policy)];
    case 'accepted':
      return [...groupsDue(invitation), ...erasure(invitation, policy)];
    case 'awaitingApproval':
      return planned({ type: 'rejectOverdue' }, invitation.approvalExpiresAt, 1);
    case 'failed':
    case 'rejected':
      return erasure(invitation, policy);
  }
}

function scheduledStep({ waitsFor, request, createdAt }: Invitation): Planned {
  return waitsFor === undefined
    ? { step: { type: 'enqueue' }, at: request.notBefore ?? createdAt, lane: 0 }
    : { step: { type: 'awaitGuest', invitationId: waitsFor }, at: createdAt, lane: 0 };
}

function pendingSteps(invitation: Invitation, now: Instant): Planned[] {
  const number = invitation.sends.length;
  const due = reminderDue(invitation, now);
  // A re-send stands for the reminders that fell due since: two mails in a row help nobody.
  const resend: SendStep = {
    type: 'send',
    number,
    cause: 'resend',
    ...(due === undefined ? {} : { reminderIndex: due }),
  };
  const reminder: SendStep = {
    type: 'send',
    number,
    cause: 'reminder',
    reminderIndex: due ?? invitation.remindersDone,
  };
  return [
    ...planned({ type: 'expire' }, invitation.expiresAt, 1),
    ...update(invitation),
    ...planned(resend, invitation.resendRequestedAt, 0),
    ...planned(reminder, nextReminderAt(invitation), 1),
    ...check(invitation),
  ];
}

const planned = (step: Step, at: Instant | undefined, lane: Lane): Planned[] =>
  at === undefined ? [] : [{ step, at, lane }];

const update = ({ updateRequestedAt }: Invitation): Planned[] =>
  updateRequestedAt === undefined
    ? []
    : [{ step: { type: 'update', requestedAt: updateRequestedAt }, at: updateRequestedAt, lane: 0 }];

const check = (invitation: Invitation): Planned[] => planned({ type: 'checkRedemption' }, invitation.nextCheckAt, 1);

/** Each group by itself: one that has to wait holds up no other. */
const groupsDue = ({ groups, createdAt, acceptedAt }: Invitation): Planned[] =>
  (groups ?? []).flatMap((group) =>
    group.status === 'due'
      ? planned(
          { type: 'joinGroup', groupId: group.id, tries: group.tries },
          later(later(createdAt, acceptedAt), group.retryAt),
          1,
        )
      : [],
  );

/** The last thing that is ever due. */
function erasure(invitation: Invitation, { retainMs }: Policy): Planned[] {
  if (retainMs === undefined || invitation.erasedAt !== undefined || isWorkLeft(invitation)) return [];
  return [{ step: { type: 'erase' }, at: addMs(invitation.closedAt ?? invitation.createdAt, retainMs), lane: 1 }];
}

const removal = (invitation: Invitation): Planned[] =>
  invitation.removal?.status === 'due'
    ? [{ step: { type: 'removeGuest' }, at: later(invitation.createdAt, invitation.closedAt), lane: 1 }]
    : [];

import type { ConflictCode } from './conflict';
import type { Decision } from './decisions';
import { type Change, entry } from './history';
import { type Invitation, MAX_SENDS, type Send, WORKFLOW } from './invitation';
import { resolveAt } from './nextStep';
import type { Policy } from './policy';
import { madeBy } from './recordSend';
import { nextCheck, toReview, without } from './states';
import { type Instant, addDuration, addMs } from './time';
import { transition } from './transition';

const forbidden = (code: ConflictCode, message: string): Decision => ({ type: 'conflict', fault: { code, message } });

const sendInProgress = forbidden(
  'sendInProgress',
  'Microsoft Graph is being asked about this invitation right now. Try again when its status has changed.',
);

const erased = forbidden('erased', 'Whom this invitation was for has been erased. Make a new one.');

/** Each of the decisions here leads to one more mail on record. */
const tooManySends = forbidden('tooManySends', `${MAX_SENDS} mails is the most an invitation may send.`);

const isWornOut = ({ sends }: Invitation): boolean => sends.length >= MAX_SENDS;

/**
 * Puts a failed or needsReview invitation back to queued. It takes its person's claim again; the caller answers 409
 * where another open invitation holds it.
 */
export function decideRetry(invitation: Invitation, by: string, now: Instant): Decision {
  if (invitation.status === 'queued' && invitation.lastHistory?.what === 'retried') return { type: 'nothing' };
  if (invitation.intent) return sendInProgress;
  if (invitation.erasedAt !== undefined) return erased;
  const status = transition(invitation.status, 'retry');
  if (!status) {
    return forbidden(
      'statusForbids',
      `An invitation that is ${invitation.status} can’t be tried again; only failed and needsReview ones can.`,
    );
  }
  if (isWornOut(invitation)) return tooManySends;
  const again = without(
    invitation,
    'fault',
    'closedAt',
    'nextCheckAt',
    'nextAttemptAt',
    'removal',
    'unmailedTries',
    'guestReadyAt',
  );
  return {
    type: 'change',
    change: {
      invitation: { ...again, status, holdsClaim: true, resolvedTries: 0, deadLetters: 0, waits: 0 },
      history: [entry(now, 'retried', by)],
    },
  };
}

/** An operator has found out that the mail did arrive: it counts as sent now, and reminders run from now. */
export function decideConfirmSent(invitation: Invitation, by: string, now: Instant, policy: Policy): Decision {
  if (invitation.sends.some(({ status }) => status === 'confirmed')) return { type: 'nothing' };
  if (invitation.intent) return sendInProgress;
  const status = transition(invitation.status, 'confirmSent');
  if (!status) {
    return forbidden(
      'statusForbids',
      `An invitation that is ${invitation.status} can’t be confirmed as sent; only a needsReview one can.`,
    );
  }
  if (isWornOut(invitation)) return tooManySends;
  const { expireAfter, reminders } = invitation.request;
  const send: Send = { number: invitation.sends.length, cause: 'first', status: 'confirmed', at: now, attemptId: by };
  return {
    type: 'change',
    change: {
      invitation: {
        // A re-send that was asked for before is this mail.
        ...without(invitation, 'fault', 'nextAttemptAt', 'nextCheckAt', 'resendRequestedAt', 'unmailedTries'),
        status,
        sends: [...invitation.sends, send],
        firstSentAt: now,
        remindersDone: 0,
        expiresAt: addDuration(now, expireAfter, reminders.timeZone),
        ...nextCheck(invitation, now, policy),
      },
      history: [entry(now, 'confirmedSent', by)],
    },
  };
}

/**
 * Lets a guest who has accepted redeem anew (with another account, say): the same guest is invited again with
 * resetRedemption, and the invitation goes its whole way once more.
 */
export function decideResetRedemption(invitation: Invitation, by: string, now: Instant): Decision {
  if (invitation.status === 'queued' && invitation.lastHistory?.what === 'redemptionReset') return { type: 'nothing' };
  const status = transition(invitation.status, 'resetRedemption');
  const id = invitation.graph?.invitedUser?.id;
  const { request } = invitation;
  if (request.kind !== 'guest') {
    return forbidden('kindForbids', `Only a guest’s redemption can be reset; this is a ${request.kind} invitation.`);
  }
  if (invitation.erasedAt !== undefined) return erased;
  if (!status || id === undefined) {
    return forbidden(
      'statusForbids',
      `Only an accepted invitation whose guest is known can be reset; this one is ${invitation.status}.`,
    );
  }
  if (isWornOut(invitation)) return tooManySends;
  const graph = { ...invitation.graph };
  delete graph.externalUserState;
  delete graph.externalUserStateChangeDateTime;
  const again = without(invitation, 'closedAt', 'acceptedAt', 'fault', 'removal', 'firstSentAt', 'expiresAt');
  return {
    type: 'change',
    change: {
      invitation: {
        ...again,
        status,
        graph,
        request: { ...request, resetRedemption: true, invitedUser: { id } },
        holdsClaim: true,
        remindersDone: 0,
        resolvedTries: 0,
        waits: 0,
      },
      history: [entry(now, 'redemptionReset', by)],
    },
  };
}

const PUSHED_BACK_MS = 10 * 60_000;
const MOST_DEAD_LETTERS = 3;

/**
 * The broker put a hint away because looking at this invitation killed the host again and again: look later, and at the
 * third time let a person look, but not while a worker may still be mailing. Undefined where nothing is due any more.
 */
export function deadLettered(invitation: Invitation, now: Instant, policy: Policy): Change | undefined {
  const status = transition(invitation.status, 'deadLetter');
  if (!status) return undefined;
  const deadLetters = Math.min(invitation.deadLetters + 1, MOST_DEAD_LETTERS);
  const counted = { ...invitation, deadLetters };
  const { intent } = invitation;
  const mayBeInFlight = intent !== undefined && now < resolveAt(intent, policy);
  if (deadLetters === MOST_DEAD_LETTERS && !mayBeInFlight) {
    const fault = { code: 'deadLettered', message: `Looking at this invitation ended the host ${deadLetters} times.` };
    // Nobody finds out any more what the mail came to, and what it may have made must still be found by a revoke.
    const made = intent?.purpose === 'send' ? madeBy(invitation, intent) : {};
    return toReview({ ...counted, ...made }, fault, now, policy);
  }
  return {
    invitation: { ...counted, nextAttemptAt: addMs(now, PUSHED_BACK_MS * deadLetters) },
    history: [entry(now, 'deadLettered', WORKFLOW, `time ${deadLetters} of ${MOST_DEAD_LETTERS}`)],
  };
}

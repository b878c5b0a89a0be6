import type { Conflict, ConflictCode } from './conflict';
import { type Change, entry } from './history';
import { type Invitation, type Kind, MAX_SENDS } from './invitation';
import type { Policy } from './policy';
import { nextReminderAt } from './reminders';
import { isMailed } from './request';
import { revoke } from './states';
import { type Instant, addMs } from './time';
import { transition } from './transition';

/** What a caller decided about an invitation: a change, nothing to do any more, or why it can't be. */
export type Decision = { type: 'change'; change: Change } | { type: 'nothing' } | { type: 'conflict'; fault: Conflict };

const conflict = (code: ConflictCode, message: string): Decision => ({ type: 'conflict', fault: { code, message } });

const NO_MAIL: Record<Kind, string> = {
  guest: 'This invitation mails nothing (sendInvitationMessage is false), so there is nothing to send again.',
  driveItem: 'This invitation mails nothing (sendInvitation is false), so there is nothing to send again.',
  linkedIn: 'How to send a LinkedIn invitation again is not known; change it with PATCH, or make a new one.',
};

const JUST_SENT_MS = 10 * 60_000;

/**
 * Asks for one more mail. A re-send while one is due, in flight or under ten minutes old is that one, so pressing the
 * button twice mails once.
 */
export function decideResend(invitation: Invitation, by: string, now: Instant): Decision {
  const { status, intent, sends } = invitation;
  if (status === 'queued' || invitation.resendRequestedAt !== undefined) return { type: 'nothing' };
  if (status !== 'pendingAcceptance') {
    return conflict(
      'statusForbids',
      `An invitation that is ${status} can’t be sent again; only a pendingAcceptance one can.`,
    );
  }
  if (!isMailed(invitation.request)) return conflict('noMail', NO_MAIL[invitation.kind]);
  if (invitation.revokeRequested) return conflict('revokeInProgress', 'A revoke of this invitation is under way.');
  if (intent?.purpose === 'send' || isJustSent(invitation, now) || isReminderDue(invitation, now))
    return { type: 'nothing' };
  if (sends.length >= MAX_SENDS)
    return conflict('tooManySends', `${MAX_SENDS} mails is the most an invitation may send.`);
  return {
    type: 'change',
    change: {
      invitation: { ...invitation, resendRequestedAt: now },
      history: [entry(now, 'resendRequested', by)],
    },
  };
}

function isJustSent(invitation: Invitation, now: Instant): boolean {
  const last = invitation.sends.at(-1);
  return last !== undefined && addMs(last.at, JUST_SENT_MS) > now;
}

function isReminderDue(invitation: Invitation, now: Instant): boolean {
  const at = nextReminderAt(invitation);
  return at !== undefined && at <= now;
}

/** What an accepted share gave, access to an item, can still be taken back; an accepted guest is not ours to remove. */
const mayBeRevoked = ({ status, kind }: Invitation): boolean =>
  transition(status, 'revoke') !== undefined && (status !== 'accepted' || kind === 'driveItem');

/**
 * Revokes at once, or notes it when Graph is being asked right now: the outcome's transaction then decides. Repeating
 * it is harmless.
 */
export function decideRevoke(invitation: Invitation, by: string, now: Instant, policy: Policy): Decision {
  if (invitation.status === 'revoked' || invitation.revokeRequested) return { type: 'nothing' };
  if (!mayBeRevoked(invitation)) {
    return conflict(
      'statusForbids',
      `An invitation that is ${invitation.status} can’t be revoked: it is closed already.`,
    );
  }
  if (invitation.intent) {
    const noted = { ...invitation, revokeRequested: { at: now, by } };
    return { type: 'change', change: { invitation: noted, history: [entry(now, 'revokeRequested', by)] } };
  }
  return { type: 'change', change: revoke(invitation, by, now, policy) };
}

import { type EventType, eventsOf } from '../domain/events';
import { type Invitation, type Send, isOpen } from '../domain/invitation';
import { type Instant, later, toMs } from '../domain/time';
import type { EventName, FieldsOf } from './events';
import { logEvent } from './log';
import { measure } from './metrics';

/** Tells what a change of an invitation that is written means: logs it and counts it. Undefined before the first. */
export function tellChange(before: Invitation | undefined, after: Invitation): void {
  const sends = after.sends.slice(before?.sends.length ?? 0);
  for (const type of eventsOf(before, after)) {
    const send = type === 'invitation.sent' || type === 'invitation.reminded' ? sends.shift() : undefined;
    tell(type, { before, after, send });
  }
  const opened = Number(isOpen(after.status)) - Number(before !== undefined && isOpen(before.status));
  if (opened !== 0) measure('invitations.open', opened, countedBy(after));
}

interface Changed {
  before: Invitation | undefined;
  after: Invitation;
  /** The mail, of the events that are one. */
  send: Send | undefined;
}

function tell(type: EventType, changed: Changed): void {
  const { before, after, send } = changed;
  const of = { invitationId: after.id, ...countedBy(after) };
  switch (type) {
    case 'invitation.requested':
      say('requested', after, of);
      measure('invitations.requested', 1, countedBy(after));
      break;
    case 'invitation.sent':
      tellSent(changed);
      break;
    case 'invitation.reminded':
      say('reminded', after, { ...of, attemptId: send?.attemptId });
      measure('invitations.reminded', 1, countedBy(after));
      break;
    case 'invitation.accepted':
      tellAccepted(after);
      break;
    case 'invitation.failed':
      say('failed', after, { ...of, attemptId: before?.intent?.attemptId, errorCode: after.fault?.code });
      measure('invitations.failed', 1, countedBy(after));
      break;
    case 'invitation.needsReview':
      say('needsReview', after, { ...of, attemptId: before?.intent?.attemptId, errorCode: after.fault?.code });
      measure('invitations.needs_review', 1, countedBy(after));
      break;
    default:
      say(LOGGED_ALONE[type], after, of);
  }
}

/** No figure is kept of these. */
const LOGGED_ALONE = {
  'invitation.awaitingApproval': 'awaitingApproval',
  'invitation.expired': 'expired',
  'invitation.revoked': 'revoked',
  'invitation.rejected': 'rejected',
} as const;

function tellSent({ after, send }: Changed): void {
  const secondsToSend = send?.number === 0 ? secondsBetween(mightGoAt(after), send.at) : undefined;
  const attemptId = send?.attemptId;
  say('sent', after, { invitationId: after.id, ...countedBy(after), attemptId, secondsToSend });
  measure('invitations.sent', 1, countedBy(after));
  if (secondsToSend !== undefined) measure('invitations.time_to_send', secondsToSend, countedBy(after));
}

function tellAccepted(after: Invitation): void {
  const { firstSentAt } = after;
  const redeemedAt = redemptionOf(after);
  const isTimed = firstSentAt !== undefined && redeemedAt !== undefined;
  const secondsToRedeem = isTimed ? secondsBetween(firstSentAt, redeemedAt) : undefined;
  say('accepted', after, { invitationId: after.id, ...countedBy(after), secondsToRedeem });
  measure('invitations.accepted', 1, countedBy(after));
  if (secondsToRedeem !== undefined) measure('invitations.time_to_redeem', secondsToRedeem, countedBy(after));
}

function say<Name extends EventName>(event: Name, { id, fault }: Invitation, fields: FieldsOf<Name>): void {
  const why = event === 'failed' || event === 'needsReview' ? ` (${fault?.code ?? 'unknown'})` : '';
  logEvent(event, `Invitation ${id}: ${event}${why}`, fields);
}

const countedBy = ({ kind, origin }: Invitation) => ({ kind, source: origin?.source ?? 'unknown' });

/** What it waited for by anybody's wish is no delay of ours. */
const mightGoAt = ({ createdAt, request, approval }: Invitation): Instant =>
  later(later(createdAt, request.notBefore), approval?.at);

/** Graph's own time of the change, where it is one after our mail; else when it was noticed. */
function redemptionOf({ firstSentAt, acceptedAt, graph }: Invitation): Instant | undefined {
  const changedAt = Date.parse(graph?.externalUserStateChangeDateTime ?? '');
  const isOfThis =
    firstSentAt !== undefined &&
    acceptedAt !== undefined &&
    changedAt >= toMs(firstSentAt) &&
    changedAt <= toMs(acceptedAt);
  return isOfThis ? new Date(changedAt).toISOString() : acceptedAt;
}

const secondsBetween = (from: Instant, to: Instant): number => Math.max(0, (toMs(to) - toMs(from)) / 1000);

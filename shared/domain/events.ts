import type { Invitation, Send, Status } from './invitation';

/** What subscribers are told. `reminded`: a reminder or a re-send; `rejected`: by somebody, or because nobody approved. */
export const EVENT_TYPES = [
  'invitation.requested',
  'invitation.awaitingApproval',
  'invitation.sent',
  'invitation.reminded',
  'invitation.accepted',
  'invitation.failed',
  'invitation.needsReview',
  'invitation.expired',
  'invitation.revoked',
  'invitation.rejected',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Something that happened to an invitation. Its events are numbered from 1, whether or not anybody subscribed. */
export interface InvitationEvent {
  type: EventType;
  sequence: number;
  /** The status that the change led to. */
  status: Status;
}

/** The same for every subscription and every attempt, so that a receiver can tell a repeat. */
export const eventId = (invitationId: string, sequence: number): string => `evt_${invitationId}_${sequence}`;

/**
 * What a change means to subscribers, in the order in which it happened: a request, then new mails, then a new status.
 * Pure, and by statuses and sends alone.
 */
export function eventsOf(before: Pick<Invitation, 'status' | 'sends'> | undefined, after: Invitation): EventType[] {
  const mailed = after.sends.slice(before?.sends.length ?? 0).map(eventOfSend);
  const reached = before?.status === after.status ? undefined : EVENT_OF_STATUS[after.status];
  return [...(before ? [] : ['invitation.requested' as const]), ...mailed, ...(reached ? [reached] : [])];
}

const eventOfSend = ({ cause }: Send): EventType => (cause === 'first' ? 'invitation.sent' : 'invitation.reminded');

/** Undefined where a status says only what is going to be done, or where the mail is the event. */
const EVENT_OF_STATUS: Record<Status, EventType | undefined> = {
  awaitingApproval: 'invitation.awaitingApproval',
  scheduled: undefined,
  queued: undefined,
  pendingAcceptance: undefined,
  accepted: 'invitation.accepted',
  failed: 'invitation.failed',
  expired: 'invitation.expired',
  revoked: 'invitation.revoked',
  rejected: 'invitation.rejected',
  needsReview: 'invitation.needsReview',
};

/** Numbers the events of a change. The count is kept with the invitation, so it goes on where it was. */
export function recordEvents(
  before: Invitation | undefined,
  after: Invitation,
): { invitation: Invitation; events: InvitationEvent[] } {
  const types = eventsOf(before, after);
  if (types.length === 0) return { invitation: after, events: [] };
  const count = before?.eventCount ?? 0;
  const events = types.map((type, index) => ({ type, sequence: count + index + 1, status: after.status }));
  return { invitation: { ...after, eventCount: count + events.length }, events };
}

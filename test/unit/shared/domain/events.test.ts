import { type EventType, eventId, eventsOf, recordEvents } from '../../../../shared/domain/events';
import { STATUSES, type Status } from '../../../../shared/domain/invitation';
import { ID, aPendingInvitation, aQueuedInvitation, aSend, anInvitationThatIs } from '../../../support/invitations';

/** Literal, status by status: what a change that leads there means by itself. */
const REACHED: Record<Status, EventType[]> = {
  awaitingApproval: ['invitation.awaitingApproval'],
  scheduled: [],
  queued: [],
  pendingAcceptance: [],
  accepted: ['invitation.accepted'],
  failed: ['invitation.failed'],
  expired: ['invitation.expired'],
  revoked: ['invitation.revoked'],
  rejected: ['invitation.rejected'],
  needsReview: ['invitation.needsReview'],
};

const everyPair = STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const));

describe('what a change means to subscribers', () => {
  it.each(everyPair)('from %s to %s without a mail: the new status, once', (from, to) => {
    const sends = [aSend()];
    const before = { ...anInvitationThatIs(from), sends };
    expect(eventsOf(before, { ...anInvitationThatIs(to), sends })).toEqual(from === to ? [] : REACHED[to]);
  });

  it.each(STATUSES)('a request that begins as %s: that, after having been requested', (status) => {
    const made = { ...anInvitationThatIs(status), sends: [] };
    expect(eventsOf(undefined, made)).toEqual(['invitation.requested', ...REACHED[status]]);
  });

  it.each([
    ['first', 'invitation.sent'],
    ['reminder', 'invitation.reminded'],
    ['resend', 'invitation.reminded'],
  ] as const)('a mail that is a %s: %s', (cause, type) => {
    const after = aPendingInvitation({ sends: [aSend(), aSend({ number: 1, cause })] });
    expect(eventsOf(aPendingInvitation(), after)).toEqual([type]);
  });

  it('a mail that counts as sent because its answer was lost, or because somebody confirmed it, is one', () => {
    const sent = (status: 'unknown' | 'confirmed') => aPendingInvitation({ sends: [aSend({ status })] });
    expect(eventsOf(aQueuedInvitation(), sent('unknown'))).toEqual(['invitation.sent']);
    expect(eventsOf(aQueuedInvitation(), sent('confirmed'))).toEqual(['invitation.sent']);
  });

  it('a mail with which the person had accepted at once: first the mail, then the acceptance', () => {
    const after = { ...anInvitationThatIs('accepted'), sends: [aSend()] };
    expect(eventsOf(aQueuedInvitation(), after)).toEqual(['invitation.sent', 'invitation.accepted']);
  });

  it('nothing where neither a status nor a mail is new', () => {
    const before = aPendingInvitation();
    expect(eventsOf(before, { ...before, waits: 3, nextAttemptAt: '2026-03-02T10:00:00.000Z' })).toEqual([]);
  });

  it('one mail more of an invitation that went its way once before', () => {
    const before = aQueuedInvitation({ sends: [aSend()] });
    const after = aPendingInvitation({ sends: [aSend(), aSend({ number: 1 })] });
    expect(eventsOf(before, after)).toEqual(['invitation.sent']);
  });
});

describe('the numbers of events', () => {
  it('begin with 1 and go on from change to change', () => {
    const made = recordEvents(undefined, anInvitationThatIs('awaitingApproval'));
    expect(made.events).toEqual([
      { type: 'invitation.requested', sequence: 1, status: 'awaitingApproval' },
      { type: 'invitation.awaitingApproval', sequence: 2, status: 'awaitingApproval' },
    ]);
    const revoked = recordEvents(made.invitation, { ...made.invitation, status: 'revoked' });
    expect(revoked.events).toEqual([{ type: 'invitation.revoked', sequence: 3, status: 'revoked' }]);
    expect(revoked.invitation.eventCount).toBe(3);
  });

  it('begin with 1 for an invitation that was made before there were events', () => {
    const { events } = recordEvents(aPendingInvitation(), { ...aPendingInvitation(), status: 'expired' });
    expect(events).toEqual([{ type: 'invitation.expired', sequence: 1, status: 'expired' }]);
  });

  it('leave an invitation alone to which nothing happened', () => {
    const pending = aPendingInvitation();
    expect(recordEvents(pending, pending).invitation).toBe(pending);
  });

  it('make an id that is the same for whoever is told', () => {
    expect(eventId(ID, 3)).toBe('evt_019cadc6-9a80-7abc-8def-01234567890b_3');
  });
});

import { EVENT_TYPES } from '../../../../shared/domain/events';
import { type Subscription, gaveUp, gone, isWanted } from '../../../../shared/domain/subscription';
import { REQUESTED_AT, aQueuedInvitation, aRequest } from '../../../support/invitations';
import { aSubscription } from '../../../support/subscriptions';

const invitation = aQueuedInvitation({ request: aRequest({ source: 'workday' }) });
const isTold = (changes: Partial<Subscription>, at = REQUESTED_AT): boolean =>
  isWanted(aSubscription(changes), 'invitation.sent', invitation, at);

describe('a subscription wants an event', () => {
  it.each<[string, Partial<Subscription>, boolean]>([
    ['of any kind by default', {}, true],
    ['of a type that it names', { events: ['invitation.failed', 'invitation.sent'] }, true],
    ['not of a type that it does not name', { events: ['invitation.failed'] }, false],
    ['of the source that it names', { filters: { source: 'workday' } }, true],
    ['not of another source', { filters: { source: 'bamboo' } }, false],
    ['of the kind that it names', { filters: { kind: 'guest' } }, true],
    ['not of another kind', { filters: { kind: 'driveItem' } }, false],
    ['not where one of its filters fails', { filters: { source: 'workday', kind: 'linkedIn' } }, false],
    ['not once it is disabled', { status: 'disabled' }, false],
    ['not once it is gone', { status: 'gone' }, false],
  ])('%s', (_, changes, wanted) => {
    expect(isTold(changes)).toBe(wanted);
  });

  it('from the moment on that it is active from', () => {
    const activeFrom = '2026-03-02T09:00:00.000Z';
    expect(isTold({ activeFrom }, '2026-03-02T08:59:59.999Z')).toBe(false);
    expect(isTold({ activeFrom }, '2026-03-02T09:00:00.000Z')).toBe(true);
  });

  it('of every type there is when it names all', () => {
    const all = aSubscription();
    expect(EVENT_TYPES.filter((type) => !isWanted(all, type, invitation, REQUESTED_AT))).toEqual([]);
  });
});

describe('a subscription whose events are given up', () => {
  it('is disabled by the tenth in a row', () => {
    const ninth = gaveUp(aSubscription({ failures: 8 }), REQUESTED_AT);
    expect([ninth.status, ninth.failures, ninth.endedAt]).toEqual(['active', 9, undefined]);
    const tenth = gaveUp(ninth, REQUESTED_AT);
    expect([tenth.status, tenth.failures, tenth.endedAt]).toEqual(['disabled', 10, REQUESTED_AT]);
  });
});

it('a subscription whose receiver is gone says since when', () => {
  expect(gone(aSubscription(), REQUESTED_AT)).toMatchObject({ status: 'gone', endedAt: REQUESTED_AT });
});

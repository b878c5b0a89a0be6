import type { Status } from '../../../../shared/domain/invitation';
import { checkUnlessPending, mustHearAgain, noticeRedemption } from '../../../../shared/domain/redemption';
import {
  aFirstSend,
  aPendingInvitation,
  aPolicy,
  aQueuedInvitation,
  aReminder,
  aRequest,
  anExpiredInvitation,
  anInvitationInReview,
  anInvitationThatIs,
  omit,
} from '../../../support/invitations';

const NOW = '2026-03-02T12:00:00.000Z';
const seen = { userId: 'user-1', changedAt: '2026-03-02T11:58:00Z' };

describe('noticeRedemption', () => {
  it('accepts, with the time that Graph tells', () => {
    const change = noticeRedemption(aPendingInvitation(), seen, NOW, aPolicy());
    expect(change?.invitation).toMatchObject({
      status: 'accepted',
      acceptedAt: NOW,
      graph: { externalUserState: 'Accepted', externalUserStateChangeDateTime: '2026-03-02T11:58:00Z' },
    });
    expect(change?.history.map(({ what }) => what)).toEqual(['accepted']);
  });

  it.each([['expired'], ['needsReview'], ['queued']] as [Status][])('accepts what is %s', (status) => {
    expect(noticeRedemption(anInvitationThatIs(status), seen, NOW, aPolicy())?.invitation.status).toBe('accepted');
  });

  it.each([['accepted'], ['failed'], ['revoked'], ['rejected']] as [Status][])('leaves what is %s', (status) => {
    expect(noticeRedemption(anInvitationThatIs(status), seen, NOW, aPolicy())).toBeUndefined();
  });

  const request = aRequest({ resetRedemption: true });

  it('has the guest looked at instead, once the redemption was reset: the change may be the one before it', () => {
    const change = noticeRedemption(aPendingInvitation({ request }), seen, NOW, aPolicy());
    expect(change?.invitation).toMatchObject({ status: 'pendingAcceptance', nextCheckAt: NOW });
    expect(change?.history).toEqual([]);
  });

  it('leaves a reset that Graph was not asked for yet', () => {
    expect(noticeRedemption(aQueuedInvitation({ request }), seen, NOW, aPolicy())).toBeUndefined();
  });
});

describe('mustHearAgain', () => {
  it.each([
    ['a reminder is being sent', aPendingInvitation({ intent: aReminder() }), true],
    ['the first mail is being sent', aQueuedInvitation({ intent: aFirstSend() }), true],
    ['no intent is in force', aPendingInvitation(), false],
    ['a redemption changes nothing', { ...anInvitationThatIs('revoked'), intent: aReminder() }, false],
  ])('when %s', (_when, invitation, expected) => {
    expect(mustHearAgain(invitation)).toBe(expected);
    if (expected) expect(noticeRedemption(invitation, seen, NOW, aPolicy())).toBeUndefined();
  });
});

describe('checkUnlessPending', () => {
  const others = new Set(['user-2']);

  it('brings the check forward of a guest who is not pending any more', () => {
    const invitation = aPendingInvitation({ nextCheckAt: '2026-03-02T15:00:05.000Z' });
    expect(checkUnlessPending(invitation, others, NOW)).toEqual({
      invitation: { ...invitation, nextCheckAt: '2026-03-02T12:00:00.000Z' },
      history: [],
    });
  });

  it.each([
    ['who is pending', aPendingInvitation(), new Set(['user-1'])],
    ['whose id is not known', aPendingInvitation({ graph: {} }), others],
    ['of whom nothing is known', omit(aPendingInvitation(), 'graph'), others],
    ['whose check is due already', aPendingInvitation({ nextCheckAt: '2026-03-02T12:00:00.000Z' }), others],
    ['for whom no check is planned', omit(aPendingInvitation(), 'nextCheckAt'), others],
    ['whom Graph is being asked to remind', aPendingInvitation({ intent: aReminder() }), others],
    ['whose invitation has expired', anExpiredInvitation(), others],
    ['whose invitation is in review', anInvitationInReview({ graph: { invitedUser: { id: 'user-1' } } }), others],
  ])('leaves a guest %s', (_who, invitation, pending) => {
    expect(checkUnlessPending(invitation, pending, NOW)).toBeUndefined();
  });
});

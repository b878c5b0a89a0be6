import { type Decision, decideResend, decideRevoke } from '../../../../shared/domain/decisions';
import { type Invitation, STATUSES } from '../../../../shared/domain/invitation';
import { nextStep } from '../../../../shared/domain/nextStep';
import {
  aFirstSend,
  aPendingInvitation,
  aPolicy,
  aQueuedInvitation,
  aReminder,
  aRequest,
  aSend,
  anInvitationThatIs,
  omit,
} from '../../../support/invitations';

const NOW = '2026-03-03T12:00:00.000Z';
const nothing: Decision = { type: 'nothing' };

const resend = (invitation: Invitation, now = NOW) => decideResend(invitation, 'ada', now);
const revoke = (invitation: Invitation, policy = aPolicy()) => decideRevoke(invitation, 'ada', NOW, policy);

const conflictWith = (code: string) => ({ type: 'conflict', fault: { code, message: expect.any(String) as string } });

describe('a re-send', () => {
  it('is noted, and mailed next', () => {
    const decision = resend(aPendingInvitation());
    expect(decision).toEqual({
      type: 'change',
      change: {
        invitation: { ...aPendingInvitation(), resendRequestedAt: NOW },
        history: [{ at: NOW, what: 'resendRequested', by: 'ada' }],
      },
    });
    if (decision.type !== 'change') return;
    expect(nextStep(decision.change.invitation, NOW, aPolicy())).toEqual({ type: 'send', number: 1, cause: 'resend' });
  });

  it.each(STATUSES.filter((status) => status !== 'pendingAcceptance' && status !== 'queued'))(
    'is refused for one that is %s, and says so',
    (status) => {
      expect(resend(anInvitationThatIs(status))).toEqual({
        type: 'conflict',
        fault: {
          code: 'statusForbids',
          message: `An invitation that is ${status} can’t be sent again; only a pendingAcceptance one can.`,
        },
      });
    },
  );

  it.each<[string, Invitation]>([
    ['the first mail is still to come', aQueuedInvitation()],
    ['the first mail is in flight', aQueuedInvitation({ intent: aFirstSend() })],
    ['one is asked for already', aPendingInvitation({ resendRequestedAt: '2026-03-03T11:59:00.000Z' })],
    ['a mail is in flight', aPendingInvitation({ intent: aReminder() })],
  ])('is that mail when %s', (_when, invitation) => {
    expect(resend(invitation)).toEqual(nothing);
  });

  it.each([
    ['2026-03-02T09:10:04.999Z', 'nothing'],
    ['2026-03-02T09:10:05.000Z', 'change'],
  ])('ten minutes after the last mail, at %s: %s', (now, type) => {
    expect(resend(aPendingInvitation(), now).type).toBe(type);
  });

  it('counts the ten minutes from the last mail, not from the first', () => {
    const reminded = aPendingInvitation({ sends: [aSend(), aSend({ number: 1, at: '2026-03-03T11:55:00.000Z' })] });
    expect(resend(reminded)).toEqual(nothing);
  });

  it.each([
    ['2026-03-05T09:00:04.999Z', 'change'],
    ['2026-03-05T09:00:05.000Z', 'nothing'],
  ])('is the reminder that is due, at %s: %s', (now, type) => {
    expect(resend(aPendingInvitation(), now).type).toBe(type);
  });

  it('is possible after the last reminder', () => {
    expect(resend(aPendingInvitation({ remindersDone: 2 }), '2026-03-20T00:00:00.000Z').type).toBe('change');
  });

  it('is possible where the mails on record are none, because a person confirmed the first', () => {
    expect(resend(aPendingInvitation({ sends: [] })).type).toBe('change');
  });

  it('is refused where nothing is mailed', () => {
    const silent = aPendingInvitation({ request: aRequest({ sendInvitationMessage: false }) });
    expect(resend(silent)).toEqual(conflictWith('noMail'));
  });

  it('is refused while a revoke is under way', () => {
    const revoking = aPendingInvitation({ intent: aReminder(), revokeRequested: { at: NOW, by: 'bob' } });
    expect(resend(revoking)).toEqual(conflictWith('revokeInProgress'));
  });

  it('is refused after the thirtieth mail', () => {
    const sends = (count: number) => Array.from({ length: count }, (_, number) => aSend({ number }));
    expect(resend(aPendingInvitation({ sends: sends(29) })).type).toBe('change');
    expect(resend(aPendingInvitation({ sends: sends(30) }))).toEqual(conflictWith('tooManySends'));
  });
});

describe('a revoke', () => {
  it.each(['awaitingApproval', 'scheduled', 'queued', 'pendingAcceptance', 'needsReview'] as const)(
    'closes one that is %s at once and gives its claim back',
    (status) => {
      expect(revoke(anInvitationThatIs(status))).toMatchObject({
        type: 'change',
        change: {
          invitation: { status: 'revoked', holdsClaim: false, closedAt: NOW },
          history: [{ at: NOW, what: 'revoked', by: 'ada' }],
        },
      });
    },
  );

  it.each(['accepted', 'failed', 'expired', 'rejected'] as const)('is refused for one that is %s', (status) => {
    expect(revoke(anInvitationThatIs(status))).toEqual({
      type: 'conflict',
      fault: {
        code: 'statusForbids',
        message: `An invitation that is ${status} can’t be revoked: it is closed already.`,
      },
    });
  });

  it('that is repeated does nothing', () => {
    expect(revoke(anInvitationThatIs('revoked'))).toEqual(nothing);
    const revokeRequested = { at: '2026-03-03T11:00:00.000Z', by: 'bob' };
    expect(revoke(aPendingInvitation({ intent: aReminder(), revokeRequested }))).toEqual(nothing);
  });

  it.each<[string, Invitation]>([
    ['the first mail', aQueuedInvitation({ intent: aFirstSend() })],
    ['a reminder', aPendingInvitation({ intent: aReminder() })],
  ])('is only noted while %s is in flight', (_what, invitation) => {
    expect(revoke(invitation)).toEqual({
      type: 'change',
      change: {
        invitation: { ...invitation, revokeRequested: { at: NOW, by: 'ada' } },
        history: [{ at: NOW, what: 'revokeRequested', by: 'ada' }],
      },
    });
  });

  const removalAfter = (invitation: Invitation, onRevoke: 'keep' | 'removeGuest') => {
    const decision = revoke(invitation, aPolicy({ onRevoke }));
    return decision.type === 'change' ? decision.change.invitation.removal : undefined;
  };

  it('removes only a guest whose creation is known to be ours', () => {
    const notOurs = omit(aPendingInvitation(), 'guestCreatedAfter');
    expect(removalAfter(aPendingInvitation(), 'removeGuest')).toEqual({ status: 'due', tries: 0 });
    expect(removalAfter(notOurs, 'removeGuest')).toEqual({
      status: 'kept',
      reason: 'the guest is not known to have been created by this invitation',
    });
  });

  it('keeps the guest where the settings say so, and tells', () => {
    expect(removalAfter(aPendingInvitation(), 'keep')).toEqual({
      status: 'kept',
      reason: 'the settings say to keep guests',
    });
  });

  it('has no guest to speak of before the first mail', () => {
    expect(removalAfter(aQueuedInvitation(), 'removeGuest')).toBeUndefined();
  });
});

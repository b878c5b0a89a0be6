import type { ConflictCode } from '../../../../shared/domain/conflict';
import { type Decision, decideRevoke } from '../../../../shared/domain/decisions';
import { type Invitation, STATUSES } from '../../../../shared/domain/invitation';
import { nextStep, wakeUpOf } from '../../../../shared/domain/nextStep';
import {
  deadLettered,
  decideConfirmSent,
  decideResetRedemption,
  decideRetry,
} from '../../../../shared/domain/operatorDecisions';
import { recordSend } from '../../../../shared/domain/recordSend';
import {
  aFirstSend,
  aPendingInvitation,
  aPolicy,
  aQueuedInvitation,
  aSend,
  anInvitationInReview,
  anInvitationThatIs,
} from '../../../support/invitations';
import { aQueuedShare } from '../../../support/kinds';

const NOW = '2026-03-03T12:00:00.000Z';

const retry = (invitation: Invitation) => decideRetry(invitation, 'ada', NOW);
const confirm = (invitation: Invitation) => decideConfirmSent(invitation, 'ada', NOW, aPolicy());
const put = (invitation: Invitation) => deadLettered(invitation, NOW, aPolicy());

function changed(decision: Decision): Invitation {
  if (decision.type !== 'change') throw new Error(`No change: ${JSON.stringify(decision)}`);
  return decision.change.invitation;
}

const conflict = (code: ConflictCode, message: string): Decision => ({ type: 'conflict', fault: { code, message } });

const IN_PROGRESS = conflict(
  'sendInProgress',
  'Microsoft Graph is being asked about this invitation right now. Try again when its status has changed.',
);

const aFailedInvitation = (changes: Partial<Invitation> = {}): Invitation =>
  aQueuedInvitation({
    status: 'failed',
    holdsClaim: false,
    closedAt: '2026-03-02T09:00:06.000Z',
    fault: { code: 'BadRequest', message: 'Invitee is in inviter tenant' },
    resolvedTries: 8,
    deadLetters: 2,
    waits: 3,
    ...changes,
  });

describe('a retry', () => {
  it('puts a failed invitation back to queued with its claim, and everything counts anew', () => {
    expect(retry(aFailedInvitation())).toEqual({
      type: 'change',
      change: { invitation: aQueuedInvitation(), history: [{ at: NOW, what: 'retried', by: 'ada' }] },
    });
  });

  it('puts one in review back to queued, and it is mailed next', () => {
    const again = changed(retry(anInvitationInReview({ nextAttemptAt: '2026-03-04T00:00:00.000Z' })));
    expect(again).toEqual(aQueuedInvitation());
    expect(nextStep(again, NOW, aPolicy())).toEqual({ type: 'send', number: 0, cause: 'first' });
  });

  it('mails under a new number where a mail is on record', () => {
    const again = changed(retry(anInvitationInReview({ sends: [aSend()] })));
    expect(nextStep(again, NOW, aPolicy())).toEqual({ type: 'send', number: 1, cause: 'first' });
  });

  it('that is repeated does nothing', () => {
    const lastHistory = { at: NOW, what: 'retried', by: 'ada' } as const;
    expect(retry(aQueuedInvitation({ lastHistory }))).toEqual({ type: 'nothing' });
  });

  it('is refused while Graph is being asked', () => {
    expect(retry(aQueuedInvitation({ intent: aFirstSend() }))).toEqual(IN_PROGRESS);
  });

  it.each(STATUSES.filter((status) => status !== 'failed' && status !== 'needsReview'))(
    'is refused for one that is %s, and says so',
    (status) => {
      const message = `An invitation that is ${status} can’t be tried again; only failed and needsReview ones can.`;
      expect(retry(anInvitationThatIs(status))).toEqual(conflict('statusForbids', message));
    },
  );
});

describe('a confirmation that the mail arrived', () => {
  it('counts as the first mail, and reminders and expiry run from now', () => {
    const confirmed = changed(confirm(anInvitationInReview({ nextAttemptAt: '2026-03-04T00:00:00.000Z' })));
    expect(confirmed).toEqual({
      ...aQueuedInvitation(),
      status: 'pendingAcceptance',
      sends: [{ number: 0, cause: 'first', status: 'confirmed', at: NOW, attemptId: 'ada' }],
      firstSentAt: NOW,
      expiresAt: '2026-04-02T12:00:00.000Z',
      nextCheckAt: '2026-03-03T18:00:00.000Z',
    });
    expect(nextStep(confirmed, '2026-03-06T12:00:00.000Z', aPolicy())).toMatchObject({ type: 'send', number: 1 });
  });

  it('stands for the re-send that was asked for before', () => {
    const asked = anInvitationInReview({ resendRequestedAt: '2026-03-03T11:00:00.000Z' });
    expect(changed(confirm(asked)).resendRequestedAt).toBeUndefined();
  });

  it('is told in the history', () => {
    expect(confirm(anInvitationInReview())).toMatchObject({
      change: { history: [{ at: NOW, what: 'confirmedSent', by: 'ada' }] },
    });
  });

  it('that is repeated does nothing', () => {
    expect(confirm(aPendingInvitation({ sends: [aSend({ status: 'confirmed' })] }))).toEqual({ type: 'nothing' });
  });

  it('is refused while Graph is being asked', () => {
    expect(confirm(aQueuedInvitation({ intent: aFirstSend() }))).toEqual(IN_PROGRESS);
  });

  it.each(STATUSES.filter((status) => status !== 'needsReview'))('is refused for one that is %s', (status) => {
    const message = `An invitation that is ${status} can’t be confirmed as sent; only a needsReview one can.`;
    expect(confirm(anInvitationThatIs(status))).toEqual(conflict('statusForbids', message));
  });
});

describe('after the thirtieth mail', () => {
  const mailed = (count: number) => ({ sends: Array.from({ length: count }, (_, number) => aSend({ number })) });
  const tooMany = conflict('tooManySends', '30 mails is the most an invitation may send.');
  const anAccepted = (count: number) => aPendingInvitation({ status: 'accepted', holdsClaim: false, ...mailed(count) });

  it.each([
    ['a retry', (count: number) => retry(aFailedInvitation(mailed(count)))],
    ['a confirmation', (count: number) => confirm(anInvitationInReview(mailed(count)))],
    ['a reset', (count: number) => decideResetRedemption(anAccepted(count), 'ada', NOW)],
  ])('%s is refused, because one more would follow', (_what, decide) => {
    expect(decide(29).type).toBe('change');
    expect(decide(30)).toEqual(tooMany);
  });
});

describe('a dead letter', () => {
  it.each([
    [0, '2026-03-03T12:10:00.000Z', 'time 1 of 3'],
    [1, '2026-03-03T12:20:00.000Z', 'time 2 of 3'],
  ])('after %i others pushes the wake-up back to %s', (deadLetters, at, detail) => {
    const change = put(aQueuedInvitation({ deadLetters }));
    expect(change).toEqual({
      invitation: aQueuedInvitation({ deadLetters: deadLetters + 1, nextAttemptAt: at }),
      history: [{ at: NOW, what: 'deadLettered', by: 'workflow', detail }],
    });
    expect(change && wakeUpOf(change.invitation, NOW, aPolicy())).toEqual({ at, lane: 0 });
  });

  it('hands the invitation to a person at the third time, claim and all', () => {
    expect(put(aQueuedInvitation({ deadLetters: 2, nextAttemptAt: NOW, waits: 1 }))).toEqual({
      invitation: aQueuedInvitation({
        status: 'needsReview',
        deadLetters: 3,
        fault: { code: 'deadLettered', message: 'Looking at this invitation ended the host 3 times.' },
        nextCheckAt: '2026-03-03T18:00:00.000Z',
      }),
      history: [{ at: NOW, what: 'needsReview', by: 'workflow', detail: 'deadLettered' }],
    });
  });

  it('takes no intent away from a worker that may still be mailing, however often it comes', () => {
    const inFlight = aQueuedInvitation({ deadLetters: 2, intent: aFirstSend() });
    // The lease ends two minutes and RESOLVE_AFTER twelve minutes after the start at 09:00:04.500.
    expect(deadLettered(inFlight, '2026-03-02T09:12:04.499Z', aPolicy())).toMatchObject({
      invitation: { status: 'queued', deadLetters: 3, intent: aFirstSend() },
      history: [{ what: 'deadLettered', detail: 'time 3 of 3' }],
    });
    const over = deadLettered(inFlight, '2026-03-02T09:12:04.500Z', aPolicy())?.invitation;
    expect(over).toMatchObject({ status: 'needsReview' });
    expect(over?.intent).toBeUndefined();
  });

  it('leaves it to a revoke to find and take back what the mail that nobody looks into may have made', () => {
    const policy = aPolicy({ onRevoke: 'removeGuest' });
    const revoked = (invitation: Invitation) =>
      changed(decideRevoke(put(invitation)?.invitation ?? invitation, 'ada', NOW, policy));
    const intent = aFirstSend();
    const due = { status: 'due', tries: 0 };
    expect(revoked(aQueuedShare({ deadLetters: 2, intent })).removal).toEqual(due);
    expect(revoked(aQueuedInvitation({ deadLetters: 2, intent }))).toMatchObject({
      removal: due,
      guestCreatedAfter: intent.graphNow,
    });
    const wasThere = aFirstSend({ before: { known: true, permissionId: 'permission-1' } });
    expect(revoked(aQueuedShare({ deadLetters: 2, intent: wasThere })).removal).toBeUndefined();
    expect(revoked(aQueuedShare({ deadLetters: 2 })).removal).toBeUndefined();
  });

  it.each(['scheduled', 'queued', 'pendingAcceptance'] as const)('counts for one that is %s', (status) => {
    expect(put(anInvitationThatIs(status))?.invitation).toMatchObject({ status, deadLetters: 1 });
  });

  it.each(STATUSES.filter((status) => !['scheduled', 'queued', 'pendingAcceptance'].includes(status)))(
    'means nothing for one that is %s',
    (status) => {
      expect(put(anInvitationThatIs(status))).toBeUndefined();
    },
  );

  it('leaves the mails on record as they are', () => {
    expect(put(aPendingInvitation())?.invitation).toEqual(
      aPendingInvitation({ deadLetters: 1, nextAttemptAt: '2026-03-03T12:10:00.000Z' }),
    );
  });
});

describe('a change that Graph may have to be told of, because the call before may have got through', () => {
  const inReview = anInvitationInReview({ updateRequestedAt: NOW });
  const sent = (startedAt: string, status: 'sent' | 'unknown' = 'sent') =>
    recordSend(changed(retry(inReview)), aFirstSend({ startedAt }), status, startedAt, aPolicy()).invitation;

  it('is not forgotten by a retry, nor by who confirms it after all', () => {
    expect(changed(retry(inReview)).updateRequestedAt).toBe(NOW);
    expect(changed(confirm(inReview)).updateRequestedAt).toBe(NOW);
  });

  it('is told by a first send that began after it, and answered', () => {
    expect(sent(NOW)).not.toHaveProperty('updateRequestedAt');
  });

  it('is still to be told after one that began before it, or of which nobody knows', () => {
    expect(sent('2026-03-03T11:59:59.999Z').updateRequestedAt).toBe(NOW);
    expect(sent(NOW, 'unknown').updateRequestedAt).toBe(NOW);
  });
});

import { applyOutcome } from '../../../../shared/domain/applyOutcome';
import type { Invitation, SendIntent } from '../../../../shared/domain/invitation';
import { nextStep, wakeUpOf } from '../../../../shared/domain/nextStep';
import type { Outcome, Verdict } from '../../../../shared/domain/outcome';
import type { Policy } from '../../../../shared/domain/policy';
import {
  aFirstSend,
  aPendingInvitation,
  aPolicy,
  aQueuedInvitation,
  aReminder,
  aRequest,
  aSend,
  omit,
} from '../../../support/invitations';

const NOW = '2026-03-02T09:00:05.000Z';
const REMINDED_AT = '2026-03-05T09:00:06.000Z';
const RESOLVED_AT = '2026-03-02T09:12:05.000Z';
const RETRY_AT = '2026-03-02T09:05:00.000Z';

const fault = { code: 'serviceUnavailable', message: 'Graph is away.' };
const graph = { id: 'graph-1', status: 'PendingAcceptance', invitedUser: { id: 'user-1' } };
const revokeRequested = { at: '2026-03-02T09:00:04.900Z', by: 'ada' };

const sendingFirst = (intent: Partial<SendIntent> = {}, changes: Partial<Invitation> = {}): Invitation =>
  aQueuedInvitation({ intent: aFirstSend(intent), ...changes });

const reminding = (intent: Partial<SendIntent> = {}, changes: Partial<Invitation> = {}): Invitation =>
  aPendingInvitation({ intent: aReminder(intent), ...changes });

const resending = (intent: Partial<SendIntent> = {}): Invitation => {
  const resend = { ...omit(aReminder({ cause: 'resend' }), 'reminderIndex'), ...intent };
  return aPendingInvitation({ intent: resend, resendRequestedAt: '2026-03-05T08:59:00.000Z' });
};

function apply(invitation: Invitation, outcome: Outcome, now: string, policy: Policy = aPolicy()) {
  const change = applyOutcome(invitation, outcome, now, policy);
  if (!change) throw new Error('The outcome means nothing.');
  return change;
}

const resolve = (invitation: Invitation, verdict: Verdict, policy?: Policy) =>
  apply(invitation, { type: 'resolved', attemptId: invitation.intent!.attemptId, verdict }, RESOLVED_AT, policy);

describe('a first send that is sent', () => {
  const outcome = { type: 'sent', attemptId: 'attempt-0', graph } as const;

  it('waits for acceptance from then on, with its reminders and its expiry counted from the send', () => {
    const { invitation, history } = apply(sendingFirst(), outcome, NOW);
    expect(invitation).toMatchObject({
      status: 'pendingAcceptance',
      sends: [{ number: 0, cause: 'first', status: 'sent', at: NOW, attemptId: 'attempt-0' }],
      firstSentAt: NOW,
      expiresAt: '2026-04-01T09:00:05.000Z',
      nextCheckAt: '2026-03-02T15:00:05.000Z',
      remindersDone: 0,
      holdsClaim: true,
      graph,
    });
    expect(invitation).not.toHaveProperty('intent');
    expect(history).toEqual([{ at: NOW, what: 'sent', by: 'workflow', detail: 'send 0' }]);
  });

  it('forgets why it had to wait before', () => {
    const waited = sendingFirst({}, { nextAttemptAt: NOW, waits: 3, fault });
    const { invitation } = apply(waited, outcome, NOW);
    expect(invitation.waits).toBe(0);
    expect(invitation).not.toHaveProperty('nextAttemptAt');
    expect(invitation).not.toHaveProperty('fault');
  });

  it('expires at the same local time of day, over a change of the clocks', () => {
    const request = aRequest({ reminders: { after: [], timeZone: 'Europe/Berlin' }, expireAfter: 'P30D' });
    const { invitation } = apply(sendingFirst({}, { request }), outcome, NOW);
    expect(invitation.expiresAt).toBe('2026-04-01T08:00:05.000Z');
  });

  it('knows the guest as ours where nobody was in the directory right before', () => {
    expect(apply(sendingFirst(), outcome, NOW).invitation.guestCreatedAfter).toBe('2026-03-02T09:00:04.000Z');
  });

  it.each([
    [
      'the person was there before',
      { before: { known: true, userId: 'user-1', externalUserState: 'PendingAcceptance' } },
    ],
    [
      'the person was there before, in an unknown state',
      { before: { known: true, userId: 'user-1', externalUserState: null } },
    ],
  ] as const)('does not take the guest for ours where %s', (_what, intent) => {
    expect(apply(sendingFirst(intent), outcome, NOW).invitation).not.toHaveProperty('guestCreatedAfter');
  });

  it('does not take the guest for ours without a look-up before, or without Graph’s clock', () => {
    for (const intent of [omit(aFirstSend(), 'before'), omit(aFirstSend(), 'graphNow')]) {
      expect(apply(aQueuedInvitation({ intent }), outcome, NOW).invitation).not.toHaveProperty('guestCreatedAfter');
    }
  });
});

describe('a reminder that is sent', () => {
  const outcome = { type: 'sent', attemptId: 'attempt-1', graph } as const;

  it('leaves the next one, and the expiry as it was', () => {
    const { invitation, history } = apply(reminding(), outcome, REMINDED_AT);
    expect(invitation).toMatchObject({
      status: 'pendingAcceptance',
      remindersDone: 1,
      firstSentAt: '2026-03-02T09:00:05.000Z',
      expiresAt: '2026-04-01T09:00:05.000Z',
      nextCheckAt: '2026-03-05T15:00:06.000Z',
    });
    expect(invitation.sends).toEqual([
      aSend(),
      { number: 1, cause: 'reminder', status: 'sent', at: REMINDED_AT, attemptId: 'attempt-1' },
    ]);
    expect(history).toEqual([{ at: REMINDED_AT, what: 'reminded', by: 'workflow', detail: 'send 1' }]);
  });

  it('is the one mail for several that were missed, and notes those as skipped', () => {
    const request = aRequest({ reminders: { after: ['P1D', 'P2D', 'P3D', 'P7D'], timeZone: 'UTC' } });
    const { invitation, history } = apply(reminding({ reminderIndex: 2 }, { request }), outcome, REMINDED_AT);
    expect(invitation.sends).toHaveLength(2);
    expect(invitation.remindersDone).toBe(3);
    expect(history).toEqual([
      { at: REMINDED_AT, what: 'reminderSkipped', by: 'workflow', detail: '2 fell due together with send 1' },
      { at: REMINDED_AT, what: 'reminded', by: 'workflow', detail: 'send 1' },
    ]);
    expect(nextStep({ ...invitation, nextCheckAt: '2026-12-01T00:00:00.000Z' }, REMINDED_AT, aPolicy())).toEqual({
      type: 'none',
    });
  });

  it('keeps knowing the guest as ours', () => {
    expect(apply(reminding(), outcome, REMINDED_AT).invitation.guestCreatedAfter).toBe('2026-03-02T09:00:04.000Z');
  });
});

describe('a re-send that is sent', () => {
  const outcome = { type: 'sent', attemptId: 'attempt-1', graph } as const;

  it('is done, and the reminders go on as planned', () => {
    const { invitation, history } = apply(resending(), outcome, REMINDED_AT);
    expect(invitation).not.toHaveProperty('resendRequestedAt');
    expect(invitation.remindersDone).toBe(0);
    expect(invitation.sends.at(-1)).toMatchObject({ number: 1, cause: 'resend' });
    expect(history).toEqual([{ at: REMINDED_AT, what: 'resent', by: 'workflow', detail: 'send 1' }]);
  });

  it('stands for the reminder that fell due meanwhile', () => {
    const { invitation, history } = apply(resending({ reminderIndex: 0 }), outcome, REMINDED_AT);
    expect(invitation.remindersDone).toBe(1);
    expect(history).toEqual([
      { at: REMINDED_AT, what: 'reminderSkipped', by: 'workflow', detail: '1 fell due together with send 1' },
      { at: REMINDED_AT, what: 'resent', by: 'workflow', detail: 'send 1' },
    ]);
  });
});

describe('a refusal', () => {
  it('of a first send closes the invitation and gives the claim back', () => {
    const outcome: Outcome = { type: 'refused', attemptId: 'attempt-0', fault };
    const { invitation, history } = apply(sendingFirst({}, { nextAttemptAt: NOW }), outcome, NOW);
    expect(invitation).toMatchObject({ status: 'failed', fault, holdsClaim: false, closedAt: NOW, sends: [] });
    expect(invitation).not.toHaveProperty('intent');
    expect(history).toEqual([{ at: NOW, what: 'refused', by: 'workflow', detail: 'serviceUnavailable' }]);
    expect(wakeUpOf(invitation, NOW, aPolicy())).toBeUndefined();
  });

  it('says nothing of the guest’s removal, which nobody asked for', () => {
    const outcome: Outcome = { type: 'refused', attemptId: 'attempt-0', fault };
    expect(apply(sendingFirst({}, { graph }), outcome, NOW).invitation).not.toHaveProperty('removal');
  });

  it('of a reminder costs that reminder and those it stood for, nothing else', () => {
    const outcome: Outcome = { type: 'refused', attemptId: 'attempt-1', fault };
    const { invitation, history } = apply(
      reminding({ reminderIndex: 1 }, { waits: 3, nextAttemptAt: REMINDED_AT }),
      outcome,
      REMINDED_AT,
    );
    expect(invitation).toMatchObject({
      status: 'pendingAcceptance',
      fault,
      remindersDone: 2,
      sends: [aSend()],
      waits: 0,
    });
    expect(invitation).not.toHaveProperty('intent');
    expect(invitation).not.toHaveProperty('nextAttemptAt');
    expect(history).toEqual([
      { at: REMINDED_AT, what: 'reminderSkipped', by: 'workflow', detail: '1 fell due together with send 1' },
      { at: REMINDED_AT, what: 'refused', by: 'workflow', detail: 'send 1: serviceUnavailable' },
    ]);
  });

  it('of a re-send is not tried again by itself', () => {
    const outcome: Outcome = { type: 'refused', attemptId: 'attempt-1', fault };
    const { invitation } = apply(resending(), outcome, REMINDED_AT);
    expect(invitation).toMatchObject({ status: 'pendingAcceptance', remindersDone: 0 });
    expect(invitation).not.toHaveProperty('resendRequestedAt');
  });
});

describe('a send of which surely nothing was mailed', () => {
  it.each([
    ['first', sendingFirst({}, { waits: 2 }), 'queued'],
    ['reminder', reminding({}, { waits: 2 }), 'pendingAcceptance'],
  ] as const)('leaves a %s due again, from the time that Graph named', (_cause, sending, status) => {
    const outcome: Outcome = { type: 'notSent', attemptId: sending.intent!.attemptId, fault, retryAt: RETRY_AT };
    const { invitation, history } = apply(sending, outcome, NOW);
    expect(invitation).toMatchObject({ status, nextAttemptAt: RETRY_AT, waits: 3, resolvedTries: 0 });
    expect(invitation).not.toHaveProperty('intent');
    expect(invitation.sends).toEqual(sending.sends);
    expect(history).toEqual([{ at: NOW, what: 'postponed', by: 'workflow', detail: 'serviceUnavailable' }]);
  });

  it('never counts as a try, however often it happens', () => {
    let invitation = aQueuedInvitation();
    for (let round = 0; round < 50; round += 1) {
      const outcome: Outcome = { type: 'notSent', attemptId: 'attempt-0', fault, retryAt: RETRY_AT };
      invitation = apply({ ...invitation, intent: aFirstSend() }, outcome, NOW).invitation;
    }
    expect(invitation).toMatchObject({ status: 'queued', resolvedTries: 0, waits: 50 });
  });
});

describe('an unknown answer', () => {
  it('to a first send leaves the intent in force, so that nothing is mailed before it is resolved', () => {
    const { invitation, history } = apply(sendingFirst(), { type: 'unknown', attemptId: 'attempt-0', fault }, NOW);
    expect(invitation).toMatchObject({ status: 'queued', sends: [] });
    expect(invitation.intent).toEqual({ ...aFirstSend(), unknown: 'serviceUnavailable' });
    expect(history).toEqual([{ at: NOW, what: 'answerUnknown', by: 'workflow', detail: 'serviceUnavailable' }]);
    expect(nextStep(invitation, '2026-03-02T09:12:04.499Z', aPolicy())).toEqual({ type: 'none' });
    expect(nextStep(invitation, '2026-03-02T09:12:04.500Z', aPolicy()).type).toBe('resolve');
  });

  it.each([
    ['reminder', reminding(), 'reminded', 1],
    ['re-send', resending(), 'resent', 0],
  ] as const)('to a %s counts as sent, so that nobody gets two', (_cause, sending, what, remindersDone) => {
    const { invitation, history } = apply(sending, { type: 'unknown', attemptId: 'attempt-1', fault }, REMINDED_AT);
    expect(invitation.sends.at(-1)).toMatchObject({ number: 1, status: 'unknown', at: REMINDED_AT });
    expect(invitation).toMatchObject({ status: 'pendingAcceptance', remindersDone });
    expect(invitation).not.toHaveProperty('intent');
    expect(invitation).not.toHaveProperty('resendRequestedAt');
    expect(history).toEqual([
      { at: REMINDED_AT, what, by: 'workflow', detail: 'send 1, answer unknown: counts as sent' },
    ]);
  });
});

describe('a first send that is resolved', () => {
  it('was sent when the person is there now: the clock runs from the attempt', () => {
    const verdict: Verdict = { found: 'sent', graph: { invitedUser: { id: 'user-1' } }, isRedeemed: false };
    const { invitation, history } = resolve(sendingFirst(), verdict);
    expect(invitation).toMatchObject({
      status: 'pendingAcceptance',
      sends: [{ number: 0, cause: 'first', status: 'sent', at: '2026-03-02T09:00:04.500Z', attemptId: 'attempt-0' }],
      firstSentAt: '2026-03-02T09:00:04.500Z',
      expiresAt: '2026-04-01T09:00:04.500Z',
      graph: { invitedUser: { id: 'user-1' } },
    });
    expect(invitation).not.toHaveProperty('intent');
    expect(history.map(({ what }) => what)).toEqual(['resolvedSent', 'sent']);
  });

  it('does not take a guest for ours whose invitation nobody saw succeed', () => {
    const verdict: Verdict = { found: 'sent', graph: { invitedUser: { id: 'user-1' } }, isRedeemed: false };
    expect(resolve(sendingFirst(), verdict).invitation).not.toHaveProperty('guestCreatedAfter');
  });

  it('is accepted at once when the person has redeemed meanwhile', () => {
    const verdict: Verdict = {
      found: 'sent',
      graph: { invitedUser: { id: 'user-1' }, externalUserState: 'Accepted' },
      isRedeemed: true,
    };
    const { invitation, history } = resolve(sendingFirst(), verdict);
    expect(invitation).toMatchObject({
      status: 'accepted',
      acceptedAt: RESOLVED_AT,
      holdsClaim: false,
      graph: { invitedUser: { id: 'user-1' }, externalUserState: 'Accepted' },
    });
    expect(invitation.sends).toHaveLength(1);
    expect(history.map(({ what }) => what)).toEqual(['resolvedSent', 'sent', 'accepted']);
  });

  it('is queued again when the person is not there (reconcile)', () => {
    const { invitation, history } = resolve(sendingFirst({}, { nextAttemptAt: NOW }), { found: 'notSent' });
    expect(invitation).toMatchObject({ status: 'queued', resolvedTries: 1, sends: [], holdsClaim: true });
    expect(invitation).not.toHaveProperty('nextAttemptAt');
    expect(invitation).not.toHaveProperty('intent');
    expect(history).toEqual([{ at: RESOLVED_AT, what: 'resolvedNotSent', by: 'workflow' }]);
    expect(nextStep(invitation, RESOLVED_AT, aPolicy())).toEqual({ type: 'send', number: 0, cause: 'first' });
  });

  it('waits for a person when nobody is there (strict), and keeps the claim', () => {
    const strict = aPolicy({ ambiguousSends: 'strict' });
    const { invitation, history } = resolve(
      sendingFirst({}, { nextAttemptAt: NOW, waits: 2 }),
      { found: 'notSent' },
      strict,
    );
    expect(invitation).toMatchObject({
      status: 'needsReview',
      holdsClaim: true,
      sends: [],
      waits: 0,
      fault: { code: 'sendUnclear', message: expect.stringContaining('AMBIGUOUS_SENDS=strict') as string },
      nextCheckAt: '2026-03-02T15:12:05.000Z',
    });
    expect(invitation).not.toHaveProperty('intent');
    expect(invitation).not.toHaveProperty('nextAttemptAt');
    expect(history).toEqual([{ at: RESOLVED_AT, what: 'needsReview', by: 'workflow', detail: 'sendUnclear' }]);
  });

  it.each(['reconcile', 'strict'] as const)(
    'waits for a person when the person was there before (%s)',
    (ambiguousSends) => {
      const { invitation } = resolve(
        sendingFirst(),
        { found: 'unclear', userId: 'user-1' },
        aPolicy({ ambiguousSends }),
      );
      expect(invitation).toMatchObject({
        status: 'needsReview',
        holdsClaim: true,
        fault: { code: 'sendUnclear', message: expect.stringContaining('was in the directory before') as string },
        graph: { invitedUser: { id: 'user-1' } },
      });
    },
  );

  it('names no guest where none was found', () => {
    expect(resolve(sendingFirst(), { found: 'unclear' }).invitation).not.toHaveProperty('graph');
  });

  it('fails at the eighth try that Graph never answered, not at the seventh', () => {
    const seventh = resolve(sendingFirst({}, { resolvedTries: 6 }), { found: 'notSent' }).invitation;
    expect(seventh).toMatchObject({ status: 'queued', resolvedTries: 7 });
    const { invitation, history } = resolve({ ...seventh, intent: aFirstSend() }, { found: 'notSent' });
    expect(invitation).toMatchObject({
      status: 'failed',
      resolvedTries: 8,
      holdsClaim: false,
      fault: { code: 'noAnswer' },
    });
    expect(invitation).not.toHaveProperty('intent');
    expect(history).toEqual([{ at: RESOLVED_AT, what: 'refused', by: 'workflow', detail: 'noAnswer' }]);
  });
});

describe('a reminder whose worker died', () => {
  it.each([
    { found: 'notSent' },
    { found: 'unclear' },
    { found: 'sent', graph: { invitedUser: { id: 'user-1' } }, isRedeemed: false },
  ] as Verdict[])('counts as sent at the time of the attempt, whatever was found ($found)', (verdict) => {
    const { invitation } = resolve(reminding(), verdict, aPolicy({ ambiguousSends: 'strict' }));
    expect(invitation.status).toBe('pendingAcceptance');
    expect(invitation.remindersDone).toBe(1);
    expect(invitation.sends.at(-1)).toEqual({
      number: 1,
      cause: 'reminder',
      status: 'unknown',
      at: '2026-03-05T09:00:05.000Z',
      attemptId: 'attempt-1',
    });
  });
});

describe('a revoke that came while the mail was in flight', () => {
  const sending = sendingFirst({}, { revokeRequested });
  const remindingOn = reminding({}, { revokeRequested });

  it.each<[string, Invitation, Outcome, number]>([
    ['the first mail is sent', sending, { type: 'sent', attemptId: 'attempt-0', graph }, 1],
    ['the first mail is not sent', sending, { type: 'notSent', attemptId: 'attempt-0', fault, retryAt: RETRY_AT }, 0],
    [
      'it turns out not to be sent',
      sending,
      { type: 'resolved', attemptId: 'attempt-0', verdict: { found: 'notSent' } },
      0,
    ],
    ['nobody can tell', sending, { type: 'resolved', attemptId: 'attempt-0', verdict: { found: 'unclear' } }, 0],
    ['a reminder is sent', remindingOn, { type: 'sent', attemptId: 'attempt-1', graph }, 2],
    ['a reminder is not sent', remindingOn, { type: 'notSent', attemptId: 'attempt-1', fault, retryAt: RETRY_AT }, 1],
    ['a reminder is refused', remindingOn, { type: 'refused', attemptId: 'attempt-1', fault }, 1],
    ['a reminder’s answer is unknown', remindingOn, { type: 'unknown', attemptId: 'attempt-1', fault }, 2],
  ])('is carried out when %s', (_when, invitation, outcome, sends) => {
    const change = apply(invitation, outcome, NOW);
    expect(change.invitation).toMatchObject({ status: 'revoked', holdsClaim: false, closedAt: NOW });
    expect(change.invitation.sends).toHaveLength(sends);
    for (const gone of ['intent', 'revokeRequested', 'nextAttemptAt', 'nextCheckAt', 'resendRequestedAt']) {
      expect(change.invitation).not.toHaveProperty(gone);
    }
    expect(change.history.at(-1)).toEqual({ at: NOW, what: 'revoked', by: 'ada' });
    expect(change.history.length).toBeGreaterThan(1);
    expect(wakeUpOf(change.invitation, NOW, aPolicy())).toBeUndefined();
  });

  it('removes the guest that the mail has just made, where the settings say so', () => {
    const outcome: Outcome = { type: 'sent', attemptId: 'attempt-0', graph };
    const { invitation } = apply(sending, outcome, NOW, aPolicy({ onRevoke: 'removeGuest' }));
    expect(invitation.removal).toEqual({ status: 'due', tries: 0 });
    expect(nextStep(invitation, NOW, aPolicy())).toEqual({ type: 'removeGuest' });
  });

  it('waits until an unknown answer is resolved', () => {
    const { invitation } = apply(sending, { type: 'unknown', attemptId: 'attempt-0', fault }, NOW);
    expect(invitation).toMatchObject({ status: 'queued', revokeRequested, intent: { unknown: 'serviceUnavailable' } });
  });

  it.each<[string, Outcome, Policy]>([
    ['failed', { type: 'refused', attemptId: 'attempt-0', fault }, aPolicy()],
    [
      'failed',
      { type: 'resolved', attemptId: 'attempt-0', verdict: { found: 'notSent' } },
      aPolicy({ maxSendAttempts: 1 }),
    ],
    [
      'accepted',
      {
        type: 'resolved',
        attemptId: 'attempt-0',
        verdict: {
          found: 'sent',
          graph: { invitedUser: { id: 'user-1' }, externalUserState: 'Accepted' },
          isRedeemed: true,
        },
      },
      aPolicy(),
    ],
  ])('comes too late for one that is %s', (status, outcome, policy) => {
    const { invitation, history } = apply(sending, outcome, NOW, policy);
    expect(invitation.status).toBe(status);
    expect(invitation).not.toHaveProperty('revokeRequested');
    expect(history.map(({ what }) => what)).not.toContain('revoked');
  });
});

import { applyOutcome } from '../../../../shared/domain/applyOutcome';
import type { Change } from '../../../../shared/domain/history';
import type { Invitation } from '../../../../shared/domain/invitation';
import { nextStep } from '../../../../shared/domain/nextStep';
import { decideConfirmSent, decideRetry } from '../../../../shared/domain/operatorDecisions';
import type { Outcome, Verdict } from '../../../../shared/domain/outcome';
import type { Policy } from '../../../../shared/domain/policy';
import { aFirstSend, aPolicy, aQueuedInvitation, aRequest } from '../../../support/invitations';
import { aQueuedShare, aShareRequest } from '../../../support/kinds';

/* What a first send comes to whose answer was lost: here only what is not the same for every kind and every request. */

const NOW = '2026-03-02T09:12:05.000Z';
const strict = aPolicy({ ambiguousSends: 'strict' });
const reconcile = aPolicy();
const permission = { id: 'permission-1', invitedUser: { id: 'user-1' } };

const apply = (invitation: Invitation, outcome: Outcome, policy: Policy = reconcile): Change | undefined =>
  applyOutcome(invitation, outcome, NOW, policy);

function resolved(invitation: Invitation, verdict: Verdict, policy?: Policy): Change {
  const change = apply(
    { ...invitation, intent: aFirstSend() },
    { type: 'resolved', attemptId: 'attempt-0', verdict },
    policy,
  );
  if (!change) throw new Error('It means nothing.');
  return change;
}

describe('a share that is there after its answer was lost', () => {
  const shared: Verdict = { found: 'shared', graph: permission };

  it.each([strict, reconcile])(
    'is not recorded as sent, for its mail may have failed: a person has to look ($ambiguousSends)',
    (policy) => {
      const { invitation, history } = resolved(aQueuedShare(), shared, policy);
      expect(invitation).toMatchObject({
        status: 'needsReview',
        sends: [],
        holdsClaim: true,
        graph: permission,
        madePermission: true,
        nextCheckAt: '2026-03-02T15:12:05.000Z',
        fault: {
          code: 'sendUnclear',
          message:
            'The item is shared, but whether its mail went out is not known: Graph’s answer was lost, and the permission ' +
            'does not tell. Ask the person, then confirm it as sent or try it again.',
        },
      });
      expect(invitation).not.toHaveProperty('intent');
      expect(history).toEqual([{ at: NOW, what: 'needsReview', by: 'workflow', detail: 'sendUnclear' }]);
    },
  );

  it('is taken back where somebody revoked it meanwhile', () => {
    const { invitation, history } = resolved(aQueuedShare({ revokeRequested: { at: NOW, by: 'hr' } }), shared);
    expect(invitation).toMatchObject({ status: 'revoked', sends: [], removal: { status: 'due', tries: 0 } });
    expect(history.map(({ what }) => what)).toEqual(['needsReview', 'revoked']);
  });

  it('counts as mailed once somebody confirms it, and is mailed once more where somebody tries it again', () => {
    const { invitation } = resolved(aQueuedShare(), shared);
    expect(decideConfirmSent(invitation, 'ada', NOW, reconcile)).toMatchObject({
      change: { invitation: { status: 'pendingAcceptance', sends: [{ number: 0, status: 'confirmed' }] } },
    });
    const retry = decideRetry(invitation, 'ada', NOW);
    if (retry.type !== 'change') throw new Error(`The retry came to ${retry.type}.`);
    expect(retry.change.invitation).toMatchObject({ status: 'queued', graph: permission, madePermission: true });
    expect(nextStep(retry.change.invitation, NOW, reconcile)).toEqual({ type: 'send', number: 0, cause: 'first' });
  });
});

describe('a person who redeems while somebody has to look whether a share was mailed', () => {
  const { invitation } = resolved(aQueuedShare(), { found: 'shared', graph: permission });

  it('makes it accepted where that is since', () => {
    const changedAt = '2026-03-02T09:30:00Z';
    expect(apply(invitation, { type: 'redeemed', userId: 'user-1', changedAt })?.invitation.status).toBe('accepted');
  });

  it.each([
    ['a guest who had accepted before', { changedAt: '2025-11-02T09:00:00Z' }],
    ['a member, who accepts nothing', {}],
  ])('but %s has been told nothing by that', (_who, changed) => {
    expect(apply(invitation, { type: 'redeemed', userId: 'user-1', ...changed })).toBeUndefined();
  });

  it('and one that was to mail nothing is theirs whenever they accepted', () => {
    const unmailed = { ...invitation, request: aShareRequest({ sendInvitation: false }) };
    expect(apply(unmailed, { type: 'redeemed', userId: 'user-1' })?.invitation.status).toBe('accepted');
  });
});

describe('a call that mails nothing, whose answer was lost', () => {
  const guest = aQueuedInvitation({ request: aRequest({ sendInvitationMessage: false }) });
  const share = aQueuedShare({ request: aShareRequest({ sendInvitation: false }) });

  it.each([
    ['a guest who is not there', guest, { found: 'notSent' }],
    ['a guest who was there before', guest, { found: 'unclear', userId: 'user-1' }],
    ['a permission that is not there', share, { found: 'notSent' }],
    ['a permission that was there before', share, { found: 'unclear' }],
  ] as const)('is made again, by strict too: %s', (_what, invitation, verdict) => {
    for (const policy of [strict, reconcile]) {
      const change = resolved(invitation, verdict, policy);
      expect(change.invitation).toMatchObject({ status: 'queued', resolvedTries: 1, sends: [] });
      expect(change.history).toEqual([{ at: NOW, what: 'resolvedNotSent', by: 'workflow' }]);
      expect(nextStep(change.invitation, NOW, policy)).toEqual({ type: 'send', number: 0, cause: 'first' });
    }
  });

  it('ends with the eighth try: failed where nothing came of it, else a person has to look', () => {
    const worn = { ...guest, resolvedTries: 7 };
    expect(resolved(worn, { found: 'notSent' }, strict).invitation).toMatchObject({
      status: 'failed',
      fault: { code: 'noAnswer' },
    });
    const { invitation } = resolved(worn, { found: 'unclear', userId: 'user-1' }, strict);
    expect(invitation).toMatchObject({ status: 'needsReview', graph: { invitedUser: { id: 'user-1' } } });
    expect(invitation.fault?.message).toMatch(/^Microsoft Graph gave no answer to any try/);
  });

  it('is a share that is made where its permission is there', () => {
    const verdict: Verdict = { found: 'sent', graph: permission, isRedeemed: false };
    expect(resolved(share, verdict).invitation).toMatchObject({ status: 'pendingAcceptance', madePermission: true });
  });

  it('asks a person where it resets a redemption: made again it would undo what was accepted since', () => {
    const reset = aQueuedInvitation({ request: aRequest({ sendInvitationMessage: false, resetRedemption: true }) });
    expect(resolved(reset, { found: 'unclear', userId: 'user-1' }).invitation.status).toBe('needsReview');
  });
});

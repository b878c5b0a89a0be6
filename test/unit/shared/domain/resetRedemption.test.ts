import { decideResetRedemption } from '../../../../shared/domain/operatorDecisions';
import { nextStep } from '../../../../shared/domain/nextStep';
import { aPendingInvitation, aPolicy, aSend, anInvitationThatIs } from '../../../support/invitations';
import { aShareRequest } from '../../../support/kinds';

const NOW = '2026-06-01T09:00:00.000Z';
const USER = 'cbb896f9-8306-49d0-b56b-b8e39cd28825';

const accepted = () => ({
  ...anInvitationThatIs('accepted'),
  sends: [aSend()],
  acceptedAt: '2026-05-01T09:00:00.000Z',
  graph: { id: 'x', invitedUser: { id: USER }, externalUserState: 'Accepted' },
});

describe('decideResetRedemption', () => {
  it('puts an accepted invitation back to queued, with the claim and the guest’s id for Graph', () => {
    const decision = decideResetRedemption(accepted(), 'admin', NOW);
    if (decision.type !== 'change') throw new Error(decision.type);
    const { invitation, history } = decision.change;
    expect(invitation).toMatchObject({
      status: 'queued',
      holdsClaim: true,
      remindersDone: 0,
      request: { resetRedemption: true, invitedUser: { id: USER } },
      graph: { id: 'x', invitedUser: { id: USER } },
    });
    expect(invitation.graph).not.toHaveProperty('externalUserState');
    expect(invitation).not.toHaveProperty('acceptedAt');
    expect(history).toEqual([{ at: NOW, what: 'redemptionReset', by: 'admin' }]);
    expect(nextStep(invitation, NOW, aPolicy())).toEqual({ type: 'send', number: 1, cause: 'first' });
  });

  it('is done already when it was asked before and not sent yet', () => {
    const lastHistory = { at: NOW, what: 'redemptionReset' as const, by: 'admin' };
    expect(decideResetRedemption({ ...anInvitationThatIs('queued'), lastHistory }, 'admin', NOW)).toEqual({
      type: 'nothing',
    });
  });

  it('is for guests alone', () => {
    const share = { ...accepted(), kind: 'driveItem' as const, request: aShareRequest() };
    expect(decideResetRedemption(share, 'admin', NOW)).toEqual({
      type: 'conflict',
      fault: {
        code: 'kindForbids',
        message: 'Only a guest’s redemption can be reset; this is a driveItem invitation.',
      },
    });
  });

  it.each([
    ['a pending one', aPendingInvitation()],
    ['an accepted one whose guest is not known', { ...accepted(), graph: {} }],
    ['an accepted one that Graph never answered for', anInvitationThatIs('accepted')],
  ])('is refused for %s', (_, invitation) => {
    expect(decideResetRedemption(invitation, 'admin', NOW)).toMatchObject({
      type: 'conflict',
      fault: { code: 'statusForbids' },
    });
  });
});

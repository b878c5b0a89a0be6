import { close, endIntent, without } from '../../../../shared/domain/states';
import { aPendingInvitation, aQueuedInvitation, aReminder } from '../../../support/invitations';

const NOW = '2026-03-05T09:00:06.000Z';

describe('without', () => {
  it('drops what is named and leaves the original alone', () => {
    const invitation = aPendingInvitation({ intent: aReminder() });
    const copy = without(invitation, 'intent', 'graph', 'fault');
    expect(copy).not.toHaveProperty('intent');
    expect(copy).not.toHaveProperty('graph');
    expect(copy.sends).toBe(invitation.sends);
    expect(invitation).toHaveProperty('intent');
  });
});

describe('endIntent', () => {
  it('changes nothing where there is none', () => {
    expect(endIntent(aQueuedInvitation())).toEqual(aQueuedInvitation());
  });
});

describe('close', () => {
  it('drops everything planned and gives the claim back', () => {
    const planned = aPendingInvitation({
      resendRequestedAt: NOW,
      nextAttemptAt: NOW,
      revokeRequested: { at: NOW, by: 'ada' },
      removal: { status: 'due', tries: 3 },
      waits: 4,
    });
    const closed = close(planned, NOW);
    expect(closed).toMatchObject({ holdsClaim: false, waits: 0, closedAt: NOW, sends: planned.sends });
    for (const gone of ['resendRequestedAt', 'nextAttemptAt', 'nextCheckAt', 'revokeRequested', 'removal']) {
      expect(closed).not.toHaveProperty(gone);
    }
  });
});

import { requestsOf } from '../../../../bench/simulate/cost';
import { measureSteps } from '../../../../bench/simulate/steps';

describe('measureSteps', () => {
  it('costs as many requests as the design says, and leaves what its tables say', async () => {
    const { steps, timers, stored } = await measureSteps();
    const invitations = (name: keyof typeof steps) => steps[name].requests['Invitations'];
    // One transaction for a request; read, intent and outcome for a mail; the user's link beside it.
    expect(invitations('request')).toEqual({ transaction: 1 });
    expect(invitations('send')).toEqual({ get: 1, transaction: 2 });
    expect(steps.send.requests['InvitedUsers']).toEqual({ upsert: 1 });
    expect(invitations('reminder')).toEqual({ get: 1, transaction: 2 });
    for (const name of ['check', 'postponed', 'expired', 'erased'] as const) {
      expect(invitations(name)).toEqual({ get: 1, transaction: 1 });
    }
    expect(steps.nothingDue).toMatchObject({ requests: { Invitations: { get: 1 } }, entities: 1 });
    // Invitation, history, wake-up, claim, two indexes and the person's count.
    expect(steps.request.entities).toBe(7);
    expect(steps.bulk.entities).toBe(7);
    expect(requestsOf(steps.bulk)).toBeLessThan(0.1);
    // Two lanes of sixteen partitions, and the gate.
    expect(timers.wakeInvitations.requests).toMatchObject({ Invitations: { query: 32 }, Gates: { get: 1 } });
    expect(stored.queued.entities).toBe(7);
    expect(stored.pending.entities).toBe(9);
    expect(stored.erased.bytes).toBeLessThan(stored.expired.bytes);
  });
});

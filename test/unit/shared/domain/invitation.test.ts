import { type Phase, STATUSES, type Status, isOpen, phaseOf } from '../../../../shared/domain/invitation';

const PHASES: Record<Status, Phase> = {
  awaitingApproval: 'open',
  scheduled: 'open',
  queued: 'open',
  pendingAcceptance: 'open',
  needsReview: 'review',
  accepted: 'closed',
  failed: 'closed',
  expired: 'closed',
  revoked: 'closed',
  rejected: 'closed',
};

describe('phaseOf', () => {
  it.each(STATUSES)('knows whether %s goes on, waits for a person or is over', (status) => {
    expect(phaseOf(status)).toBe(PHASES[status]);
    expect(isOpen(status)).toBe(PHASES[status] === 'open');
  });
});

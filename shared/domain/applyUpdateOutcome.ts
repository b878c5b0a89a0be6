import { type Change, entry } from './history';
import { type Invitation, WORKFLOW } from './invitation';
import type { Outcome } from './outcome';
import { without } from './states';
import type { Instant } from './time';

/**
 * What came of telling Graph of a change. Undefined where another change came in between: Graph has to be told of that one too. A call that was told of after a
 * later one may have reached Graph after it, so then Graph is told once more how it shall be.
 */
export function applyUpdateOutcome(
  invitation: Invitation,
  outcome: Extract<Outcome, { type: 'updated' | 'updateRefused' }>,
  now: Instant,
): Change | undefined {
  const { status, updateRequestedAt, toldAt } = invitation;
  const { requestedAt } = outcome;
  if (updateRequestedAt !== requestedAt) {
    const isLate = updateRequestedAt === undefined && toldAt !== undefined && requestedAt < toldAt;
    const isTold = outcome.type === 'updated' && status === 'pendingAcceptance';
    return isLate && isTold ? { invitation: { ...invitation, updateRequestedAt: now }, history: [] } : undefined;
  }
  const told = { ...without(invitation, 'updateRequestedAt', 'nextAttemptAt'), waits: 0, toldAt: requestedAt };
  return outcome.type === 'updated'
    ? {
        invitation: { ...without(told, 'fault'), graph: { ...invitation.graph, ...outcome.graph } },
        history: [entry(now, 'updated', WORKFLOW)],
      }
    : {
        invitation: { ...told, fault: outcome.fault },
        history: [entry(now, 'updateRefused', WORKFLOW, outcome.fault.code)],
      };
}

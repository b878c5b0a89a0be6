import type { Decision } from './decisions';
import { type Change, entry } from './history';
import { type Invitation, WORKFLOW } from './invitation';
import { close, without } from './states';
import type { Instant } from './time';
import { transition } from './transition';

export type ApprovalDecision = 'approved' | 'rejected';

const EVENTS = { approved: 'approve', rejected: 'reject' } as const;

/**
 * Approves or rejects an invitation that waits for it; who, when and why are kept. Deciding the same again is that
 * decision, deciding otherwise is refused.
 */
export function decideApproval(
  invitation: Invitation,
  decision: ApprovalDecision,
  by: string,
  now: Instant,
  comment?: string,
): Decision {
  if (invitation.approval?.decision === decision) return { type: 'nothing' };
  const status = transition(invitation.status, EVENTS[decision]);
  if (!status) {
    const message = `An invitation that is ${invitation.status} can’t be ${decision}; only an awaitingApproval one can.`;
    return { type: 'conflict', fault: { code: 'statusForbids', message } };
  }
  const approval = { decision, at: now, by, ...(comment === undefined ? {} : { comment }) };
  const decided = { ...without(invitation, 'approvalExpiresAt'), status, approval };
  return {
    type: 'change',
    change: {
      invitation: decision === 'rejected' ? close(decided, now) : decided,
      history: [entry(now, decision, by)],
    },
  };
}

/** Nobody approved in time: that is a rejection. */
export function approvalExpired(invitation: Invitation, now: Instant): Change | undefined {
  const status = transition(invitation.status, 'reject');
  if (!status) return undefined;
  return {
    invitation: close({ ...without(invitation, 'approvalExpiresAt'), status }, now),
    history: [entry(now, 'approvalExpired', WORKFLOW)],
  };
}

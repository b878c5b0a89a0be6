import { type Change, entry } from './history';
import type { Invitation, Origin, Warning } from './invitation';
import type { InvitationRequest } from './request';
import { type Instant, addDuration } from './time';

export interface NewInvitation {
  id: string;
  person: string;
  caller: string;
  request: InvitationRequest;
  warnings: Warning[];
  /** Whether it becomes the person's one open invitation (not with `onDuplicate: allow`). */
  takesClaim: boolean;
  /** Of several recipients of one request. */
  batchId?: string;
  origin?: Origin;
  /** The gate's estimate of when Graph can be asked. */
  sendAt: Instant;
}

/** An invitation as its first transaction writes it: queued, scheduled where its date lies ahead, or held for approval. */
export function newInvitation(made: NewInvitation, now: Instant): Change {
  const { id, person, caller, request, warnings, takesClaim, sendAt, batchId, origin } = made;
  const isAhead = request.notBefore !== undefined && request.notBefore > now;
  const invitation: Invitation = {
    schemaVersion: 1,
    id,
    kind: request.kind,
    status: request.approval ? 'awaitingApproval' : isAhead ? 'scheduled' : 'queued',
    createdAt: now,
    person,
    caller,
    request,
    warnings,
    holdsClaim: takesClaim,
    sends: [],
    remindersDone: 0,
    resolvedTries: 0,
    deadLetters: 0,
    waits: 0,
    historyCount: 0,
    ...(batchId === undefined ? {} : { batchId }),
    ...(origin ? { origin } : {}),
    ...(request.replaces === undefined ? {} : { replaces: { id: request.replaces, status: 'due' } }),
    ...(request.approval
      ? { approvalExpiresAt: addDuration(now, request.approval.expiresAfter, request.reminders.timeZone) }
      : {}),
    ...(request.approval || isAhead || sendAt <= now ? {} : { nextAttemptAt: sendAt }),
  };
  return { invitation, history: [entry(now, 'requested', caller)] };
}

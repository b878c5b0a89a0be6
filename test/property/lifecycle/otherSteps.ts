import { placeIntent } from '../../../shared/domain/applyOutcome';
import { decideRevoke } from '../../../shared/domain/decisions';
import { type Invitation, phaseOf } from '../../../shared/domain/invitation';
import type { SendStep, Step } from '../../../shared/domain/nextStep';
import type { GroupOutcome, Outcome } from '../../../shared/domain/outcome';
import { addMs } from '../../../shared/domain/time';
import type { StoredInvitation } from '../../../shared/tables/invitationEntity';
import { seenGuest, verdictOf } from './lookUps';
import { type World, applied, commit, happen, invitations, read } from './world';

type OtherStep = Exclude<Step, SendStep | { type: 'none' | 'removeGuest' | 'revokeReplaced' }>;

/** What comes of a step that mails nothing. */
export function otherStep(world: World, { invitation }: StoredInvitation, step: OtherStep): Outcome {
  switch (step.type) {
    case 'enqueue':
      return { type: 'enqueued', sendAt: world.now };
    case 'awaitGuest':
      return awaitGuest(world, read(world, step.invitationId)?.invitation);
    case 'update':
      if (invitation.request.kind !== 'linkedIn') throw new Error(`Graph is told of a ${invitation.kind}.`);
      if (invitation.graph?.id === undefined) {
        return {
          type: 'updateRefused',
          requestedAt: step.requestedAt,
          fault: { code: 'idUnknown', message: 'No id.' },
        };
      }
      world.linkedIn.set(invitation.id, invitation.request.trackingId);
      return { type: 'updated', requestedAt: step.requestedAt, graph: {} };
    case 'checkRedemption':
    case 'expire':
      return checked(world, invitation, step.type);
    case 'rejectOverdue':
      return { type: 'approvalExpired' };
    case 'erase':
      return { type: 'erased' };
    case 'joinGroup':
      return joined(world, step.groupId);
    case 'resolve':
      return { type: 'resolved', attemptId: step.intent.attemptId, verdict: verdictOf(world, invitation) };
  }
}

function awaitGuest(world: World, guest: Invitation | undefined): Outcome {
  const wait = { type: 'postponed', until: addMs(world.now, 60_000), reason: 'waitsForGuest', waited: true } as const;
  const missing = { type: 'guestMissing', fault: { code: 'guestMissing', message: 'It will not come.' } } as const;
  switch (guest?.status) {
    case 'pendingAcceptance':
    case 'accepted':
    case 'expired':
      return { type: 'enqueued', sendAt: world.now, guest: { userId: 'user-1' } };
    case 'awaitingApproval':
    case 'scheduled':
    case 'queued':
    case 'needsReview':
      return wait;
    case 'failed':
    case 'revoked':
    case 'rejected':
    case undefined:
      return missing;
  }
}

type Looking = 'checkRedemption' | 'expire';

function checked(world: World, { kind, sends, graph, createdAt }: Invitation, step: Looking): Outcome {
  const guest = seenGuest(world);
  // Whoever had accepted before a share whose mail nobody knows of accepts nothing by it.
  const isSince = guest !== undefined && guest.stateChangedAt > createdAt;
  const isGiven =
    kind === 'guest' || (kind === 'driveItem' && (sends.length > 0 || (graph?.id !== undefined && isSince)));
  if (guest?.state === 'Accepted' && isGiven) {
    return { type: 'redeemed', userId: 'user-1', changedAt: guest.stateChangedAt };
  }
  return step === 'expire' ? { type: 'expired' } : { type: 'notRedeemed', state: guest?.state ?? 'notFound' };
}

function joined({ group, now }: World, groupId: string): GroupOutcome {
  const fault = { code: 'http404', message: 'No such group.' };
  switch (group) {
    case 'joined':
      return { type: 'groupJoined', groupId };
    case 'later':
      return { type: 'groupLater', groupId, fault, retryAt: addMs(now, 600_000), waited: false };
    case 'refused':
      return { type: 'groupFailed', groupId, fault };
  }
}

/** The one that is replaced is revoked; it must be over before the new one looks at what is there. */
export function revokeReplaced(world: World, { invitation }: StoredInvitation, replacedId: string): Outcome {
  const replaced = read(world, replacedId);
  if (!replaced) throw new Error('What is replaced is gone.');
  const decision = decideRevoke(replaced.invitation, 'workflow', world.now, world.policy);
  const change = decision.type === 'change' ? decision.change : undefined;
  const marked = change && { ...change, invitation: { ...change.invitation, replacedBy: invitation.id } };
  happen(world, replaced, 'revoke', marked);
  const after = read(world, replacedId)?.invitation;
  const isUnderWay = after?.kind === invitation.kind && (after.intent ?? after.replaces?.status === 'due');
  if (isUnderWay) return { type: 'replacedBusy', until: addMs(world.now, 5_000) };
  return { type: 'replacedRevoked', ...(decision.type === 'conflict' ? { refusal: decision.fault.message } : {}) };
}

/**
 * Takes a permission back under the person's lock. Removing a guest is not looked into here: Graph is away for it, and it
 * stays due.
 */
export function removeShare(world: World, stored: StoredInvitation): void {
  const { invitation } = stored;
  const attemptId = `removal-${world.made}`;
  const leaseEndsAt = addMs(world.now, world.policy.sendLeaseMs);
  const intent = { purpose: 'removeGuest', attemptId, startedAt: world.now, leaseEndsAt } as const;
  const begun = placeIntent(invitation, intent);
  if (!begun || !commit(world, stored, begun)) return;
  const held = read(world, invitation.id);
  const change = held && applied(world, held, removed(world, invitation, attemptId));
  if (!held || !change) throw new Error('A removal came to nothing.');
  commit(world, held, change);
}

function removed(world: World, invitation: Invitation, attemptId: string): Outcome {
  if (invitation.kind !== 'driveItem') {
    const fault = { code: 'serviceDown', message: 'Graph is away.' };
    return { type: 'removalFailed', attemptId, fault, retryAt: addMs(world.now, 86_400_000), waited: true };
  }
  const isNeeded = invitations(world).some(
    ({ invitation: { id, kind, status, graph } }) =>
      id !== invitation.id &&
      kind === 'driveItem' &&
      graph?.id !== undefined &&
      (status === 'accepted' || phaseOf(status) !== 'closed'),
  );
  if (isNeeded) return { type: 'guestKept', attemptId, reason: 'another invitation needs this permission' };
  if (world.share?.wasThere) throw new Error('A permission is deleted that was there before.');
  world.share = undefined;
  return { type: 'guestRemoved', attemptId };
}

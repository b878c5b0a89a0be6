import { type Invitation, type Status, phaseOf } from '../../../shared/domain/invitation';
import { isMailed } from '../../../shared/domain/request';
import { invitationsIn, tableFault } from '../model/invariants';
import type { World } from './world';

/** What must be true after every command. */
export function holdInvariants(world: World): void {
  const fault = tableFault(world.rows, world.now, world.policy) ?? mailFault(world);
  if (fault !== undefined) throw new Error(fault);
  const all = invitationsIn(world.rows);
  for (const { invitation, wakeUp } of all) {
    const own = invitationFault(invitation, wakeUp, world) ?? recordFault(invitation, world);
    if (own !== undefined) throw new Error(`${invitation.kind} ${invitation.status}: ${own}`);
  }
  const access = accessFault(
    world,
    all.map(({ invitation }) => invitation).filter(({ kind }) => kind === 'driveItem'),
  );
  if (access !== undefined) throw new Error(access);
}

function mailFault({ mails }: World): string | undefined {
  const twice = [...mails].find(([, count]) => count > 1);
  return twice && `${twice[0]}: ${twice[1]} times`;
}

/**
 * What is recorded as sent was mailed, where anything was to be. Not of guests: one that came into the directory between the
 * look and the call is taken for ours, also where another invitation made it (docs/decisions/0006).
 */
function recordFault({ kind, sends, request }: Invitation, { mailedBy }: World): string | undefined {
  if (kind === 'guest' || !isMailed(request)) return undefined;
  const unmailed = sends.find(({ status, attemptId }) => status === 'sent' && !mailedBy.has(attemptId));
  return unmailed && `send ${unmailed.number} is recorded as sent and was not mailed`;
}

function invitationFault(invitation: Invitation, wakeUp: string | undefined, world: World): string | undefined {
  const { id, status, holdsClaim, sends, historyCount, replacedBy, request, updateRequestedAt } = invitation;
  const wants = wantsWakeUp(invitation, world);
  if (wants !== undefined && wants !== (wakeUp !== undefined)) return `the wake-up is ${wakeUp}`;
  // Who is replaced may have given its claim away.
  const mayLack = replacedBy !== undefined && !holdsClaim;
  if (!mayLack && holdsClaim !== (phaseOf(status) !== 'closed')) return `holdsClaim is ${holdsClaim}`;
  if (sends.length > 30) return `${sends.length} sends`;
  if (historyCount > 60) return `${historyCount} history entries`;
  if (sends.some(({ number }, index) => number !== index)) return 'a send number is missing or doubled';
  // Without Graph's id there is no telling it, and the fault says so.
  const isTold =
    invitation.graph?.id !== undefined &&
    status === 'pendingAcceptance' &&
    updateRequestedAt === undefined &&
    world.linkedIn.has(id);
  if (request.kind === 'linkedIn' && isTold && world.linkedIn.get(id) !== request.trackingId) {
    return `LinkedIn knows ${world.linkedIn.get(id)}, not ${request.trackingId}`;
  }
  return undefined;
}

/** Undefined where it depends on a removal or a last look. Literal, not the code's own rule. */
function wantsWakeUp({ kind, status, replaces, groups, erasedAt }: Invitation, { policy }: World): boolean | undefined {
  if (replaces?.status === 'due') return true;
  const isToBeErased = policy.retainMs !== undefined && erasedAt === undefined;
  const always: Record<Status, boolean | undefined> = {
    awaitingApproval: true,
    scheduled: true,
    queued: true,
    pendingAcceptance: true,
    // Of LinkedIn nothing can be looked up, so only a person goes on.
    needsReview: kind !== 'linkedIn',
    accepted: isToBeErased || groups?.some((group) => group.status === 'due') === true,
    failed: isToBeErased,
    rejected: isToBeErased,
    expired: undefined,
    revoked: undefined,
  };
  return always[status];
}

/** Access that was given before is never taken, nor that of somebody who accepted; and what was given is taken back. */
function accessFault({ share }: World, shares: Invitation[]): string | undefined {
  const lacking = shares.find(
    ({ status, sends }) => status === 'accepted' && !share && sends.some((send) => send.status === 'sent'),
  );
  if (lacking) return 'A share is accepted, and the permission is gone.';
  const isOver = ({ status, removal, replaces, intent }: Invitation): boolean =>
    status === 'revoked' && removal?.status !== 'due' && replaces?.status !== 'due' && !intent;
  if (share?.wasThere === false && shares.every(isOver))
    return 'Every share is revoked, and the permission is still there.';
  return undefined;
}

import { backOffMs } from '../domain/backOff';
import type { Step } from '../domain/nextStep';
import type { Outcome } from '../domain/outcome';
import { addMs } from '../domain/time';
import type { GraphFault } from '../graph/faults';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { AdvanceParts } from './intent';
import type { StepDone } from './sendStep';

const UNKNOWN_GUEST = { code: 'guestUnknown', message: 'Which guest accepted is not known.' };

const WAIT_MS = 60_000;

const waitOf = (fault: GraphFault): number => ('retryAfterMs' in fault ? fault.retryAfterMs : undefined) ?? WAIT_MS;

/**
 * Puts the guest who accepted into one group. A fresh guest may not be found yet, so "not found" only counts
 * `RESOLVE_AFTER` after the acceptance; a refusal counts at once, and for that group alone. No intent is needed: asking
 * twice does no harm.
 */
export async function joinGroupStep(
  stored: StoredInvitation,
  { groupId, tries }: Extract<Step, { type: 'joinGroup' }>,
  { guest, policy, now }: AdvanceParts,
): Promise<StepDone> {
  const { invitation } = stored;
  const done = (outcome: Outcome): StepDone => ({ stored, outcome });
  const userId = invitation.graph?.invitedUser?.id;
  if (userId === undefined) return done({ type: 'groupFailed', groupId, fault: UNKNOWN_GUEST });
  const answer = await guest.joinGroup(userId, groupId);
  if (answer.type === 'joined') return done({ type: 'groupJoined', groupId });
  const { fault } = answer;
  const shownAt = addMs(invitation.acceptedAt ?? invitation.createdAt, policy.resolveAfterMs);
  if (answer.type === 'refused' || (answer.type === 'notFound' && now() >= shownAt)) {
    return done({ type: 'groupFailed', groupId, fault });
  }
  const waited = answer.type !== 'notFound' && answer.type !== 'unknown';
  const waitMs = waited ? waitOf(answer) : backOffMs(tries);
  return done({ type: 'groupLater', groupId, fault, retryAt: addMs(now(), waitMs), waited });
}

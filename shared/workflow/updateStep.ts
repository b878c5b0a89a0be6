import { limitOf } from '../domain/request';
import type { Instant } from '../domain/time';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { AdvanceParts } from './intent';
import { linkedInRequestOf } from './kinds/linkedInVerbs';
import { type StepDone, heldBack, postponedBy } from './sendStep';

const NO_ID = {
  code: 'idUnknown',
  message: 'Microsoft Graph gave this invitation no id, so it can’t be updated there.',
};

/** Tells Graph of a change. No intent is needed: nothing is mailed, and telling it twice does no harm. */
export async function updateStep(
  stored: StoredInvitation,
  requestedAt: Instant,
  parts: AdvanceParts,
): Promise<StepDone> {
  const { invitation } = stored;
  const id = invitation.graph?.id;
  if (id === undefined) return { stored, outcome: { type: 'updateRefused', requestedAt, fault: NO_ID } };
  const token = await parts.gates[limitOf(invitation.request)].take(0);
  if (!token.ok) return { stored, outcome: heldBack(token.until) };
  const beganAt = parts.now();
  const answer = await parts.linkedIn.update(linkedInRequestOf(invitation), id);
  if (answer.type === 'done') return { stored, outcome: { type: 'updated', requestedAt, graph: answer.graph } };
  if (answer.type === 'refused')
    return { stored, outcome: { type: 'updateRefused', requestedAt, fault: answer.fault } };
  return { stored, outcome: await postponedBy(answer, invitation, parts, beganAt) };
}

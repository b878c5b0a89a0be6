import { type Decision, decideRevoke } from '../domain/decisions';
import { type Invitation, WORKFLOW } from '../domain/invitation';
import type { Policy } from '../domain/policy';
import type { Instant } from '../domain/time';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { AdvanceParts } from './intent';
import { sendHintFor } from './sendHint';
import type { StepDone } from './sendStep';

/**
 * Revokes the invitation that this one replaces. It lives in another partition where the address was corrected, so it is
 * work of its own, done until it is written down that it was; doing it twice does no harm.
 */
export async function revokeReplacedStep(
  stored: StoredInvitation,
  replacedId: string,
  parts: AdvanceParts,
): Promise<StepDone> {
  let refusal: string | undefined;
  const result = await parts.invitations.change(replacedId, (replaced, now) => {
    const decision = decideReplace(replaced, stored.invitation.id, now, parts.policy);
    refusal = decision.type === 'conflict' ? decision.fault.message : undefined;
    return decision.type === 'change' ? decision.change : undefined;
  });
  if (result.type === 'notFound') refusal = 'It is not there any more.';
  if (result.type === 'changed') await sendHintFor(result.stored, parts);
  return { stored, outcome: { type: 'replacedRevoked', ...(refusal === undefined ? {} : { refusal }) } };
}

function decideReplace(replaced: Invitation, by: string, now: Instant, policy: Policy): Decision {
  const decision = decideRevoke(replaced, WORKFLOW, now, policy);
  if (decision.type !== 'change') return decision;
  const { invitation, history } = decision.change;
  const detail = `replaced by ${by}`;
  return {
    type: 'change',
    change: { invitation: { ...invitation, replacedBy: by }, history: history.map((each) => ({ ...each, detail })) },
  };
}

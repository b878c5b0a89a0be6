import { backOffMs } from '../domain/backOff';
import { type Decision, decideRevoke } from '../domain/decisions';
import { type Invitation, WORKFLOW } from '../domain/invitation';
import type { Policy } from '../domain/policy';
import { thingOf } from '../domain/request';
import { type Instant, addMs } from '../domain/time';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { AdvanceParts } from './intent';
import { sendHintFor } from './sendHint';
import type { StepDone } from './sendStep';

/**
 * Revokes the invitation that this one replaces. It lives in another partition where the address was corrected, so it is
 * work of its own, done until it is written down that it was; doing it twice does no harm. Where it is for the same person
 * and thing, this one waits until Graph is not being asked about that one any more.
 */
export async function revokeReplacedStep(
  stored: StoredInvitation,
  replacedId: string,
  parts: AdvanceParts,
): Promise<StepDone> {
  const { invitation } = stored;
  let refusal: string | undefined;
  const result = await parts.invitations.change(replacedId, (replaced, now) => {
    const decision = decideReplace(replaced, invitation.id, now, parts.policy);
    refusal = decision.type === 'conflict' ? decision.fault.message : undefined;
    return decision.type === 'change' ? decision.change : undefined;
  });
  if (result.type === 'notFound') refusal = 'It is not there any more.';
  if (result.type === 'changed') await sendHintFor(result.stored, parts);
  if ('stored' in result && isUnderWay(result.stored.invitation, invitation)) {
    return { stored, outcome: { type: 'replacedBusy', until: addMs(parts.now(), backOffMs(invitation.waits)) } };
  }
  return { stored, outcome: { type: 'replacedRevoked', ...(refusal === undefined ? {} : { refusal }) } };
}

/**
 * Whether the replaced one may still change what this one is going to find for its person at Graph: what this one made
 * would then pass for the other's work, and the other's for its own.
 */
function isUnderWay(replaced: Invitation, { person, request }: Invitation): boolean {
  const isSame = replaced.person === person && thingOf(replaced.request) === thingOf(request);
  const { intent, replaces } = replaced;
  return isSame && (intent !== undefined || replaces?.status === 'due');
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

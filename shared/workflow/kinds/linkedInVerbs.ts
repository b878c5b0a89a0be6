import type { Invitation } from '../../domain/invitation';
import type { LinkedInRequest } from '../../domain/linkedInRequest';
import type { LinkedIn } from '../../graph/linkedIn';
import type { Checked, KindVerbs, Removed, Resolved, SendAnswer } from './kindVerbs';

/** Kind `linkedIn`: nothing but adding and updating is described, so nothing can be looked up. */
export function makeLinkedInVerbs({ linkedIn }: { linkedIn: LinkedIn }): KindVerbs {
  const lookUp: KindVerbs['lookUp'] = ({ invitation }) =>
    Promise.resolve({
      type: 'ready',
      send: async (attempt): Promise<SendAnswer> => {
        const answer = await linkedIn.add(linkedInRequestOf(invitation), attempt);
        return answer.type === 'done' ? { ...answer, type: 'sent' } : answer;
      },
    });
  const check = (): Promise<Checked> => Promise.resolve({ type: 'notRedeemed', state: null });
  const resolve = (): Promise<Resolved> => Promise.resolve({ type: 'verdict', verdict: { found: 'unclear' } });
  const remove = (): Promise<Removed> =>
    Promise.resolve({ type: 'kept', reason: 'a LinkedIn invitation can’t be taken back' });
  return { lookUp, check, resolve, remove };
}

export function linkedInRequestOf({ request }: Invitation): LinkedInRequest {
  if (request.kind !== 'linkedIn') throw new TypeError(`A ${request.kind} invitation is no LinkedIn invitation.`);
  return request;
}

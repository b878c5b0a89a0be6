import type { Invitations } from '../tables/invitations';
import type { EntryResult } from './storeInvitation';

/** Of an invitation that the caller may not see. */
export interface Anothers {
  type: 'duplicateOfAnothers';
}

const ANOTHERS: Anothers = { type: 'duplicateOfAnothers' };

/** What a caller is told who may see its own invitations alone: of another's open one nothing but that it is. */
export async function withoutOthers<Result extends EntryResult>(
  result: Result,
  caller: string,
  invitations: Pick<Invitations, 'read'>,
): Promise<Result | Anothers> {
  if (result.type === 'accepted') return result.stored.invitation.caller === caller ? result : ANOTHERS;
  if (result.type !== 'duplicate') return result;
  const open = await invitations.read(result.id);
  return open?.invitation.caller === caller ? result : ANOTHERS;
}

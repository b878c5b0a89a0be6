import type { HttpRequest } from '@azure/functions';
import { isInvitationId } from '../../domain/ids';
import type { Caller } from '../caller';
import type { ErrorAnswer } from '../errors';
import { notFoundAnswer } from '../invitationAnswer';
import { type Access, judge, seesOnlyOwn } from './access';
import type { Identify } from './identify';
import { badToken, missingRole, noToken } from './refusals';

export type Admitted = { ok: true; caller: Caller } | { ok: false; answer: ErrorAnswer };

export interface AdmitParts {
  identify: Identify;
  /** The caller who made an invitation; undefined when there is none. */
  ownerOf: (invitationId: string) => Promise<string | undefined>;
}

/**
 * Lets a request through to its function, or answers in its place: 401 for a caller that is not known, 403 naming the
 * role that is missing, 404 where `{id}` is an invitation that the caller may not see, as if there were none.
 *
 * On routes without `{id}` the function itself leaves out what is others' (`seesOnlyOwn`).
 */
export const admit = async (
  { identify, ownerOf }: AdmitParts,
  request: HttpRequest,
  access: Access,
): Promise<Admitted> => {
  const identified = await identify(request);
  if (identified.type === 'noToken') return { ok: false, answer: noToken() };
  if (identified.type === 'badToken') return { ok: false, answer: badToken(identified.reason) };
  const { caller } = identified;
  const verdict = judge(caller, access);
  if (verdict === 'missingRole') return { ok: false, answer: missingRole(access) };
  const id = request.params['id']?.toLowerCase();
  if (verdict === 'granted' || id === undefined) return { ok: true, caller };
  const owner = isInvitationId(id) ? await ownerOf(id) : undefined;
  if (owner === caller.id) return { ok: true, caller };
  const isHidden = owner === undefined || seesOnlyOwn(caller);
  return { ok: false, answer: isHidden ? notFoundAnswer(id) : missingRole(access) };
};

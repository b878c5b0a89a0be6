import { checkEmailAddress } from '../../domain/emailAddress';
import { personHash } from '../../domain/ids';
import { parseRequest } from '../../domain/parseRequest';
import type { Subject } from '../../tables/sourceLinks';
import type { ActionParts } from './actionParts';

type Parts = Pick<ActionParts, 'rules' | 'hashKey'>;

/** Whom a revoke or a replace means; undefined where its email is no address. */
export function subjectOf(
  source: string,
  { externalId, email = '' }: { externalId?: string | undefined; email?: string | undefined },
  { hashKey }: Parts,
): Subject | undefined {
  if (externalId !== undefined) return { source, externalId };
  const checked = checkEmailAddress(email);
  return checked.ok ? { source, person: personHash(hashKey, checked.normalised) } : undefined;
}

/** Whom a request invites, by every way that later events may name them. */
export function subjectsOf(source: string, request: Record<string, unknown>, { rules, hashKey }: Parts): Subject[] {
  const parsed = parseRequest(request, rules);
  if (!parsed.ok) return [];
  return parsed.asked.flatMap(({ request: { externalId }, person }): Subject[] => [
    ...(externalId === undefined ? [] : [{ source, externalId }]),
    { source, person: personHash(hashKey, person) },
  ]);
}

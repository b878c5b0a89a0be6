import { decideRevoke } from '../../domain/decisions';
import type { Subject } from '../../tables/sourceLinks';
import { type Acted, type ActionOf, type ActionParts, callerOf } from './actionParts';

/** Revokes what the source asked for, for that subject, until then. What was asked for later stays. */
export async function revokeForSource(subject: Subject, of: ActionOf, parts: ActionParts): Promise<Acted> {
  const { sourceLinks } = parts;
  // Noted first: whoever is about to invite by an earlier event finds it, before or right after storing.
  await sourceLinks.decide(subject, { at: of.askedAt, what: 'revoke' });
  let times = 0;
  for (const { id, askedAt } of await sourceLinks.linked(subject)) {
    if (askedAt <= of.askedAt && (await revokeOne(id, of.source, parts))) times += 1;
  }
  return times === 0 ? { deed: 'nothingOpen' } : { deed: 'revoked', times };
}

/** Whether there was something to revoke: what is not stored, closed or revoked already is none. */
export async function revokeOne(id: string, source: string, { decide, policy }: ActionParts): Promise<boolean> {
  const caller = callerOf(source);
  let isChange = false;
  await decide({ id, action: 'revoke', caller, idempotencyKey: undefined, fingerprint: '' }, (invitation, now) => {
    const decision = decideRevoke(invitation, caller, now, policy);
    isChange = decision.type === 'change';
    return decision;
  });
  return isChange;
}

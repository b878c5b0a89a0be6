import { eraseDecision } from '../domain/erase';
import { partitionOf, personHash } from '../domain/ids';
import type { Invitations } from '../tables/invitations';
import { type DecideParts, makeDecide } from './decide';

export interface ErasePersonParts extends DecideParts {
  invitations: Invitations;
  hashKey: string;
  partitions: number;
}

/** `reason`: why not; nothing was erased of that one. */
export interface Erased {
  id: string;
  erased: boolean;
  reason?: string;
}

/** Erases every closed invitation of a person, newest first. Doing it again erases what has closed since. */
export function makeErasePerson(parts: ErasePersonParts) {
  const decide = makeDecide(parts);

  return async (normalPerson: string, caller: string): Promise<Erased[]> => {
    const person = personHash(parts.hashKey, normalPerson);
    const ids = await parts.invitations.idsOfPerson({ id: partitionOf(person, parts.partitions), person });
    const results: Erased[] = [];
    for (const id of ids) {
      const asked = { id, action: 'erase', caller, idempotencyKey: undefined, fingerprint: '' };
      const result = await decide(asked, (invitation, now) => eraseDecision(invitation, caller, now));
      if (result.type === 'accepted') results.push({ id, erased: true });
      if (result.type === 'conflict') results.push({ id, erased: false, reason: result.fault.message });
    }
    return results;
  };
}

import { deadLettered } from '../domain/operatorDecisions';
import type { Policy } from '../domain/policy';
import { fromMessage } from '../queue/hints';
import type { Invitations } from '../tables/invitations';

export type Recorded =
  { type: 'unreadable'; excerpt: string } | { type: 'recorded' | 'nothingDue' | 'notFound'; id: string };

/** What a dead letter means: its invitation is pushed back, or handed to a person at the third time. */
export function makeRecordDeadLetter({ invitations, policy }: { invitations: Invitations; policy: Policy }) {
  return async (body: unknown): Promise<Recorded> => {
    const hint = fromMessage(body);
    if (!hint.ok) return { type: 'unreadable', excerpt: hint.excerpt };
    const { id } = hint;
    const result = await invitations.change(id, (invitation, now) => deadLettered(invitation, now, policy));
    if (result.type === 'notFound') return { type: 'notFound', id };
    return { type: result.type === 'changed' ? 'recorded' : 'nothingDue', id };
  };
}

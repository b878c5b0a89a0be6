import type { Instant } from '../../domain/time';
import type { Tried } from '../../domain/webhookEvent';
import type { Action } from '../../webhooks/actions';
import { type Acted, type ActionOf, type ActionParts, DEEDS, type Deed } from './actionParts';
import { inviteForSource } from './inviteForSource';
import { replaceForSource } from './replaceForSource';
import { revokeForSource } from './revokeForSource';
import { subjectOf } from './subjects';

/** Whose event it is, what the source calls it, and when it came. */
export interface EventOfSource {
  source: string;
  eventId: string;
  askedAt: Instant;
}

export type DoActions = (actions: Action[], event: EventOfSource) => Promise<Tried>;

/**
 * Carries out what a mapping wants, one action after the other; one that can't be done does not stop the others. Doing
 * all of it again does nothing new: invitations are taken under an idempotency key of event and action, the rest is
 * idempotent by itself. Throws `TablesUnavailableError`.
 *
 * Events come late and out of order (fetches that fail, replays), and are worked on side by side. What a source said last
 * about a person holds: an event from before the last revoke or replace invites nobody, and a revoke leaves later requests
 * alone. "Last" is by reception, and table SourceLinks knows it.
 */
export const makeDoActions =
  (parts: ActionParts): DoActions =>
  async (actions, { source, eventId, askedAt }) => {
    const acted: Acted[] = [];
    for (const [index, action] of actions.entries()) {
      acted.push(await act(action, index, { source, name: `${eventId} ${index}`, askedAt }, parts));
    }
    const undone = acted.filter((each) => 'type' in each);
    return undone.find(({ type }) => type === 'again') ?? undone[0] ?? { type: 'done', outcome: inWords(acted) };
  };

async function act(action: Action, index: number, of: ActionOf, parts: ActionParts): Promise<Acted> {
  if (action.action === 'invite') return (await inviteForSource(action.request, of, parts)).acted;
  const subject = subjectOf(of.source, action, parts);
  if (!subject) return { type: 'kept', outcome: `actions.${index}: email is no address.` };
  return action.action === 'revoke'
    ? revokeForSource(subject, of, parts)
    : replaceForSource(subject, action.request, of, parts);
}

/** "2 invited, 1 revoked": for logs, so it names nobody. */
function inWords(acted: Acted[]): string {
  const counts = new Map<Deed, number>();
  for (const each of acted) {
    if ('deed' in each) counts.set(each.deed, (counts.get(each.deed) ?? 0) + (each.times ?? 1));
  }
  return [...counts].map(([deed, count]) => `${count} ${DEEDS[deed]}`).join(', ');
}

import { type Redeemed, mustHearAgain, noticeRedemption } from '../domain/redemption';
import type { Policy } from '../domain/policy';
import type { Instant } from '../domain/time';
import type { GraphFault } from '../graph/faults';
import { CHANGES_FROM_NOW, type GuestChanges } from '../graph/guestChanges';
import type { HintSender } from '../queue/hintSender';
import type { Invitations } from '../tables/invitations';
import type { InvitedUsers } from '../tables/invitedUsers';
import type { SyncState } from '../tables/syncState';
import type { Compared } from './compareRedemptions';
import { sendHintFor } from './sendHint';
import { someAtOnce } from './someAtOnce';

export interface SyncParts {
  guestChanges: GuestChanges;
  syncState: SyncState;
  invitations: Invitations;
  invitedUsers: InvitedUsers;
  hints: HintSender;
  compareRedemptions: () => Promise<Compared>;
  policy: Policy;
  tickMs: number;
  now: () => Instant;
}

export type Synced =
  /** `held`: invitations that Graph is being asked about right now; the next run hears of their guests again. */
  | { type: 'synced'; redeemed: number; held: number }
  /** There was no token, or Graph had given it up. */
  | { type: 'startedAnew'; toCheck: number }
  | { type: 'left'; fault: GraphFault };

interface Tally {
  redeemed: number;
  held: number;
}

/**
 * Reads what changed among the guests since the last run, and notes who redeemed. Costs as many requests as there are
 * pages of changes, however many guests there are. How far it got is kept only once everything is applied, so a death or
 * a fault on the way only means that the next run hears of the same changes again, which does no harm.
 * Throws `TablesUnavailableError`.
 */
export function makeSyncRedemptions(parts: SyncParts) {
  return async (): Promise<Synced> => {
    const kept = await parts.syncState.read();
    if (kept === undefined) return startAnew(parts);
    const followed = await follow(kept, parts);
    if (followed.type === 'tokenLost') return startAnew(parts);
    if (followed.type !== 'followed') return { type: 'left', fault: followed };
    const { redeemed, held, path } = followed;
    if (held === 0) await parts.syncState.write(path);
    return { type: 'synced', redeemed, held };
  };
}

/**
 * Nothing tells what changed while there was no token. So the new one comes first, then the comparison, and only then
 * the token is kept: whoever redeems in between is in one of the two, and a death in between starts this again.
 */
async function startAnew(parts: SyncParts): Promise<Synced> {
  const followed = await follow(CHANGES_FROM_NOW, parts);
  if (followed.type === 'tokenLost') return { type: 'left', fault: { type: 'refused', fault: followed.fault } };
  if (followed.type !== 'followed') return { type: 'left', fault: followed };
  const compared = await parts.compareRedemptions();
  if (compared.type === 'left') return compared;
  await parts.syncState.write(followed.path);
  return { type: 'startedAnew', toCheck: compared.toCheck };
}

/** Goes from page to page and applies each; `path` then leads to what changes later. */
async function follow(from: string, parts: SyncParts) {
  const tally: Tally = { redeemed: 0, held: 0 };
  for (let path = from; ;) {
    const page = await parts.guestChanges.read(path);
    if (page.type !== 'page') return page;
    await someAtOnce(page.redeemed, (redeemed) => apply(redeemed, tally, parts));
    path = page.path;
    if (page.isLast) return { type: 'followed' as const, path, ...tally };
  }
}

async function apply(redeemed: Redeemed, tally: Tally, parts: SyncParts): Promise<void> {
  const { invitations, invitedUsers, policy } = parts;
  for (const id of await invitedUsers.invitationsOf(redeemed.userId)) {
    const result = await invitations.change(id, (invitation, now) =>
      noticeRedemption(invitation, redeemed, now, policy),
    );
    if (result.type === 'changed') {
      if (result.stored.invitation.status === 'accepted') tally.redeemed += 1;
      await sendHintFor(result.stored, parts);
    }
    if (result.type === 'unchanged' && mustHearAgain(result.stored.invitation)) tally.held += 1;
  }
}

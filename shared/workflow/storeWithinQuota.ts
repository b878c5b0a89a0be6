import { nextDayAt } from '../domain/quota';
import type { Instant } from '../domain/time';
import {
  type Entry,
  type EntryResult,
  type OverQuota,
  type StoreParts,
  alreadyOpen,
  changeOf,
  foundAgain,
  makeStoreInvitation,
} from './storeInvitation';

/**
 * Stores one invitation and counts it for its caller. `isRepeat`: an earlier try may have made it, and then it counts no
 * second time. Throws `TablesUnavailableError`; whether it was made is not known then, so it counts.
 */
export function makeStoreWithinQuota(parts: StoreParts) {
  const store = makeStoreInvitation(parts);
  const find = makeFindMade(parts);

  return async (entry: Entry, now: Instant, isRepeat: boolean): Promise<EntryResult> => {
    const granted = await parts.callerQuota?.take(entry.caller, 1);
    if (granted?.count === 0) return (await find(entry, now, isRepeat)) ?? overCallerQuota(parts, now);
    const { result, isNew } = await store(entry, now);
    if (!isSpent(result, isNew, isRepeat)) await granted?.giveBack(1);
    return result;
  };
}

/** What is there under an id of a first try can only be its own, though the answer was lost on the way. */
export const isSpent = (result: EntryResult, isNew: boolean, isRepeat: boolean): boolean =>
  isNew || (!isRepeat && result.type === 'accepted' && result.status === 202);

/**
 * What an entry is answered with when nothing new is made for it: undefined where that would be needed. Under the id of a
 * first try nothing can be.
 */
export function makeFindMade({ invitations }: Pick<StoreParts, 'invitations'>) {
  return async (entry: Entry, now: Instant, isRepeat: boolean): Promise<EntryResult | undefined> => {
    const made = isRepeat ? await invitations.read(entry.id) : undefined;
    if (made) return foundAgain(made);
    const { invitation } = changeOf(entry, now, now);
    const open = invitation.holdsClaim ? await invitations.readHolder(invitation) : undefined;
    return open && open.invitation.id !== entry.asked.request.replaces ? alreadyOpen(entry, open) : undefined;
  };
}

export const overCallerQuota = ({ callerQuota }: StoreParts, now: Instant): OverQuota => ({
  type: 'overQuota',
  of: 'caller',
  most: callerQuota?.most ?? 0,
  until: nextDayAt(now),
});

import { partitionNames } from '../domain/ids';
import { checkUnlessPending } from '../domain/redemption';
import type { GraphFault } from '../graph/faults';
import type { GuestChanges } from '../graph/guestChanges';
import type { Invitations } from '../tables/invitations';
import type { Tables } from '../tables/openTables';
import { idsWithStatus } from '../tables/statusIndex';
import { someAtOnce } from './someAtOnce';

export interface CompareParts {
  guestChanges: GuestChanges;
  invitations: Invitations;
  tables: Tables;
  partitions: number;
}

/** `toCheck`: open invitations of guests who are not pending in Graph. `left`: Graph could not be asked. */
export type Compared =
  { type: 'compared'; pending: number; open: number; toCheck: number } | { type: 'left'; fault: GraphFault };

/**
 * Compares the guests of whom Graph says PendingAcceptance with the open invitations, and brings the check forward of
 * every one that is not among them. The next ticks send the hints, at their pace: there may be many.
 * Throws `TablesUnavailableError`; what was brought forward until then stands.
 */
export function makeCompareRedemptions({ guestChanges, invitations, tables, partitions }: CompareParts) {
  return async (): Promise<Compared> => {
    const seen = await guestChanges.pending();
    if (seen.type !== 'pending') return { type: 'left', fault: seen };
    const compared = { type: 'compared' as const, pending: seen.userIds.size, open: 0, toCheck: 0 };
    const compare = async (id: string): Promise<void> => {
      const result = await invitations.change(id, (invitation, now) =>
        checkUnlessPending(invitation, seen.userIds, now),
      );
      compared.open += 1;
      if (result.type === 'changed') compared.toCheck += 1;
    };
    for (const partition of partitionNames(partitions)) {
      for await (const ids of idsWithStatus(tables, partition, 'pendingAcceptance')) await someAtOnce(ids, compare);
    }
    return compared;
  };
}

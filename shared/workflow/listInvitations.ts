import { partitionNames, partitionOf } from '../domain/ids';
import { type InvitationFilter, isByIndex, passes } from '../domain/invitationFilter';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { Invitations } from '../tables/invitations';
import * as keys from '../tables/keys';
import { type ListPosition, type ListRange, type Listed, openList } from '../tables/lists';
import type { Tables } from '../tables/openTables';
import { someAtOnce } from './someAtOnce';

export interface ListParts {
  tables: Tables;
  invitations: Pick<Invitations, 'read'>;
  partitions: number;
}

export interface AskedList {
  filter: InvitationFilter;
  pageSize: number;
  /** Where the page before ended. */
  from?: ListPosition;
  /** Shows the invitations of this caller alone. */
  onlyCaller?: string;
  /** How many invitations the request looks at where the filter has to read through: a page may then be short. */
  mostLookedAt?: number;
}

export interface ListedPage {
  found: StoredInvitation[];
  /** Absent at the end. */
  next?: ListPosition;
}

const MOST_LOOKED_AT = 2000;

/** Ids that go into the token of the next page; with 128 partitions or fewer none is read twice. */
const MOST_AHEAD = 128;

/**
 * One page of a list, newest first. By person and by status it reads what it gives: index entries and their invitations;
 * without such a filter the invitations themselves, and what the filter leaves out as well. New invitations come in before
 * the first page, so a list that is read on stays as it was. Throws `TablesUnavailableError`.
 */
export function makeListInvitations({ tables, invitations, partitions }: ListParts) {
  const readAll = async (listed: Listed[]): Promise<(StoredInvitation | undefined)[]> => {
    const read = listed.map(({ stored }) => stored);
    await someAtOnce([...listed.entries()], async ([index, { id, stored }]) => {
      read[index] = stored ?? (await invitations.read(id));
    });
    return read;
  };

  return async ({
    filter,
    pageSize,
    from,
    onlyCaller,
    mostLookedAt = MOST_LOOKED_AT,
  }: AskedList): Promise<ListedPage> => {
    const range = rangeOf(filter, partitions);
    const list = openList(tables, range, from);
    const isExact = isByIndex(filter, onlyCaller);
    const found: StoredInvitation[] = [];
    let rest: Listed[] = [];
    let last: string | undefined;
    let lookedAt = 0;
    for (let atOnce = pageSize; found.length < pageSize && lookedAt < mostLookedAt; atOnce *= 2) {
      // Where the filter leaves some out, ever more are looked at, so that a rare one is found in few rounds.
      const wanted = isExact ? pageSize - found.length : atOnce;
      const listed = await list.take(Math.min(wanted, mostLookedAt - lookedAt));
      if (listed.length === 0) break;
      const read = await readAll(listed);
      let used = 0;
      for (; used < read.length && found.length < pageSize; used += 1) {
        const stored = read[used];
        // An index is read before its invitation, which may have moved on meanwhile.
        if (stored && passes(stored.invitation, filter, onlyCaller)) found.push(stored);
      }
      last = listed[used - 1]?.id;
      rest = listed.slice(used);
      lookedAt += listed.length;
    }
    if (last === undefined || (rest.length === 0 && list.isAtEnd())) return { found };
    const ahead = range.prefix === keys.INVITATIONS ? [] : [...rest.map(({ id }) => id), ...list.ahead()];
    return { found, next: { after: last, ahead: ahead.slice(0, MOST_AHEAD) } };
  };
}

function rangeOf(filter: InvitationFilter, partitions: number): ListRange {
  const { person, status, createdAfter, createdBefore } = filter;
  const times = {
    ...(createdAfter === undefined ? {} : { createdAfter }),
    ...(createdBefore === undefined ? {} : { createdBefore }),
  };
  if (person !== undefined) {
    return { partitions: [partitionOf(person, partitions)], prefix: keys.personIndex(person), ...times };
  }
  const prefix = status === undefined ? keys.INVITATIONS : keys.statusIndex(status);
  return { partitions: partitionNames(partitions), prefix, ...times };
}

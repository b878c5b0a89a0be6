/** A user as the directory holds it; instants are ISO 8601 to the second, as Graph gives them. */
export interface DirectoryUser {
  readonly id: string;
  readonly mail: string | null;
  readonly otherMails: readonly string[];
  readonly userPrincipalName: string;
  readonly displayName: string | null;
  readonly userType: 'Guest' | 'Member';
  readonly creationType: 'Invitation' | null;
  readonly createdDateTime: string;
  readonly externalUserState: 'PendingAcceptance' | 'Accepted' | null;
  readonly externalUserStateChangeDateTime: string | null;
}

/**
 * The users of the tenant, with what they were, so that a read can be answered as of some time ago.
 *
 * Lookups by address go through an index of every address a user ever had, so candidates still have to be checked.
 */
export interface Directory {
  /** Adds the user or takes the place of the one with that id. `sinceMs` defaults to now. */
  put(user: DirectoryUser, sinceMs?: number): void;
  remove(id: string): void;
  /** The user as of that instant. */
  findAsOf(id: string, atMs: number): DirectoryUser | undefined;
  /** The user as it is now: what Graph's own writes see. */
  find(id: string): DirectoryUser | undefined;
  findByMail(mail: string): DirectoryUser | undefined;
  /** Ids of users who have or had the address as mail, other mail or user principal name. */
  idsByAddress(address: string): Iterable<string>;
  /** The id at a position in the order of adding; deleted users keep theirs. */
  idAt(position: number): string | undefined;
  /** Everything that was ever put or removed, in that order. */
  readonly changes: readonly DirectoryChange[];
  /** Users there ever were. */
  readonly size: number;
}

/** What a user was and became; undefined: not there. */
export interface DirectoryChange {
  id: string;
  sinceMs: number;
  before: DirectoryUser | undefined;
  after: DirectoryUser | undefined;
}

interface Version {
  sinceMs: number;
  user: DirectoryUser | undefined;
}

/** No lag may be longer, so older versions can be forgotten (behaviour.ts holds to it). */
const LONGEST_LAG_MS = 3_600_000;

export function createDirectory(now: () => number): Directory {
  const versionsById = new Map<string, Version[]>();
  const idsByAddress = new Map<string, Set<string>>();
  const order: string[] = [];
  const changes: DirectoryChange[] = [];

  const find = (id: string) => versionsById.get(id)?.at(-1)?.user;

  function append(id: string, version: Version): void {
    changes.push({ id, sinceMs: version.sinceMs, before: find(id), after: version.user });
    const versions = versionsById.get(id);
    if (versions) versionsById.set(id, [...stillVisible(versions, now()), version]);
    else {
      versionsById.set(id, [version]);
      order.push(id);
    }
  }

  return {
    put(user, sinceMs = now()) {
      append(user.id, { sinceMs, user });
      for (const address of addressesOf(user)) addTo(idsByAddress, address, user.id);
    },
    remove(id) {
      if (find(id)) append(id, { sinceMs: now(), user: undefined });
    },
    find,
    findAsOf: (id, atMs) => versionsById.get(id)?.findLast(({ sinceMs }) => sinceMs <= atMs)?.user,
    findByMail(mail) {
      const users = [...(idsByAddress.get(mail.toLowerCase()) ?? [])].map(find);
      return users.find((user) => user !== undefined && mailsOf(user).includes(mail.toLowerCase()));
    },
    idsByAddress: (address) => idsByAddress.get(address.toLowerCase()) ?? [],
    changes,
    idAt: (position) => order[position],
    get size() {
      return order.length;
    },
  };
}

/** Everybody who is in the directory now, in the order of adding. */
export function usersOf(directory: Directory): DirectoryUser[] {
  const ids = Array.from({ length: directory.size }, (_, position) => directory.idAt(position) ?? '');
  return ids.flatMap((id) => directory.find(id) ?? []);
}

function addTo(idsByAddress: Map<string, Set<string>>, address: string, id: string): void {
  const ids = idsByAddress.get(address);
  if (ids) ids.add(id);
  else idsByAddress.set(address, new Set([id]));
}

/** Drops the versions that no permitted lag can show any more. */
function stillVisible(versions: Version[], nowMs: number): Version[] {
  const shown = versions.findLastIndex(({ sinceMs }) => sinceMs <= nowMs - LONGEST_LAG_MS);
  return versions.slice(Math.max(shown, 0));
}

const mailsOf = (user: DirectoryUser) =>
  [...(user.mail === null ? [] : [user.mail]), ...user.otherMails].map((mail) => mail.toLowerCase());

const addressesOf = (user: DirectoryUser) => [...mailsOf(user), user.userPrincipalName.toLowerCase()];

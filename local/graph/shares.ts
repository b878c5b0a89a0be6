import { z } from 'zod';

/** Shares as the state file holds them. */
export const shareSchema = z.object({
  /** Of the permission. */
  id: z.string(),
  itemPath: z.string(),
  shareId: z.string(),
  /** Null for a user without one. */
  email: z.string().nullable(),
  /** Null for a stranger who has not used the share yet. */
  grantedTo: z.object({ id: z.string(), displayName: z.string().nullable() }).nullable(),
  roles: z.array(z.enum(['read', 'write', 'owner'])),
  requireSignIn: z.boolean(),
  hasPassword: z.boolean(),
  expirationDateTime: z.string().nullable(),
  /** When the person first opened the item. */
  usedAt: z.string().nullable(),
});

/** What one person may do with one item: a permission that came about by `…/invite`. */
export type Share = z.output<typeof shareSchema>;

export interface Person {
  userId?: string | undefined;
  email?: string | null | undefined;
}

/** All shares of the tenant, in the order of making. */
export interface Shares {
  /** Adds the share or takes the place of the one with that id. */
  put(share: Share): void;
  remove(id: string): void;
  find(id: string): Share | undefined;
  on(itemPath: string): Share[];
  /** Shares with that user, or made for that address in any case. */
  of(person: Person): Share[];
  values(): Share[];
}

export function createShares(): Shares {
  const byId = new Map<string, Share>();
  const idsByItem = new Map<string, Set<string>>();
  const idsByPerson = new Map<string, Set<string>>();

  const found = (...ids: (Iterable<string> | undefined)[]): Share[] =>
    [...new Set(ids.flatMap((some) => [...(some ?? [])]))].flatMap((id) => byId.get(id) ?? []);

  return {
    put(share) {
      byId.set(share.id, share);
      add(idsByItem, share.itemPath, share.id);
      for (const key of keysOf({ userId: share.grantedTo?.id, email: share.email })) add(idsByPerson, key, share.id);
    },
    // The indexes may keep the id: what it stood for is gone from `byId`.
    remove: (id) => void byId.delete(id),
    find: (id) => byId.get(id),
    on: (itemPath) => found(idsByItem.get(itemPath)),
    of: (person) => found(...keysOf(person).map((key) => idsByPerson.get(key))),
    values: () => [...byId.values()],
  };
}

const keysOf = ({ userId, email }: Person): string[] => [
  ...(userId === undefined ? [] : [userId]),
  ...(typeof email === 'string' ? [email.toLowerCase()] : []),
];

function add(idsByKey: Map<string, Set<string>>, key: string, id: string): void {
  const ids = idsByKey.get(key);
  if (ids) ids.add(id);
  else idsByKey.set(key, new Set([id]));
}

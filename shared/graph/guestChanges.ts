import { z } from 'zod';
import type { Fault } from '../domain/invitation';
import type { Redeemed } from '../domain/redemption';
import type { CallGraph, GraphResult } from './callGraph';
import { type GraphFault, faultOf } from './faults';
import { answeredText, unreadable } from './graphAnswer';

/** One page of changes. `path` leads on: to the next page or, after the last one, to the changes that come later. */
export interface ChangesPage {
  type: 'page';
  redeemed: Redeemed[];
  path: string;
  isLast: boolean;
}

/** `tokenLost`: Graph keeps a token for seven days at most and may give it up earlier; only a new one helps. */
export type Changes = ChangesPage | { type: 'tokenLost'; fault: Fault } | GraphFault;

export type Pending = { type: 'pending'; userIds: Set<string> } | GraphFault;

/** Leads to the changes from now on, without reading a single user. */
export const CHANGES_FROM_NOW =
  '/users/delta?$select=id,externalUserState,externalUserStateChangeDateTime&$deltaToken=latest';

/** 999 is the largest page that Graph gives. */
const PENDING = `/users?$filter=${encodeURIComponent("externalUserState eq 'PendingAcceptance'")}&$select=id&$top=999`;

const link = z.string().optional();

// Who was removed comes as {"id", "@removed"}: the ordinary check finds that out.
const changesSchema = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      externalUserState: answeredText.nullish(),
      externalUserStateChangeDateTime: answeredText.nullish(),
    }),
  ),
  '@odata.nextLink': link,
  '@odata.deltaLink': link,
});

const pendingSchema = z.object({ value: z.array(z.object({ id: z.string() })), '@odata.nextLink': link });

/**
 * What changed among the guests (https://learn.microsoft.com/graph/api/user-delta) and who is pending. That the changes
 * tell externalUserState is inferred from the documents, so nothing may rest on them alone.
 */
export function makeGuestChanges(callGraph: CallGraph) {
  /** `path` is CHANGES_FROM_NOW or one that an earlier page gave. */
  const read = async (path: string): Promise<Changes> => {
    const result = await callGraph({ method: 'GET', path });
    if (result.type === 'answer' && result.status >= 400) return lostOr(faultOf(result), result.status);
    const page = bodyOf(result, changesSchema);
    if (!page) return faultOf(result);
    const next = page['@odata.nextLink'];
    const after = pathOf(next ?? page['@odata.deltaLink']);
    if (after === undefined) return unreadable;
    const redeemed = page.value
      .filter(({ externalUserState }) => externalUserState === 'Accepted')
      .map(({ id, externalUserStateChangeDateTime: at }) => ({ userId: id, ...(at ? { changedAt: at } : {}) }));
    return { type: 'page', redeemed, path: after, isLast: next === undefined };
  };

  /** Everybody of whom Graph says PendingAcceptance: one request for 999 guests. */
  const pending = async (): Promise<Pending> => {
    const userIds = new Set<string>();
    for (let path: string | undefined = PENDING; path !== undefined;) {
      const result: GraphResult = await callGraph({ method: 'GET', path });
      const page = bodyOf(result, pendingSchema);
      if (!page) return faultOf(result);
      for (const { id } of page.value) userIds.add(id);
      const next = page['@odata.nextLink'];
      path = pathOf(next);
      if (next !== undefined && path === undefined) return unreadable;
    }
    return { type: 'pending', userIds };
  };

  return { read, pending };
}

export type GuestChanges = ReturnType<typeof makeGuestChanges>;

/** Graph says it with 410, or with another 4xx and one of these codes. */
const TOKEN_LOST = /syncState|resync|expiredPageToken/i;

const lostOr = (fault: GraphFault, status: number): Changes =>
  status === 410 || (fault.type === 'refused' && TOKEN_LOST.test(fault.fault.code))
    ? { type: 'tokenLost', fault: fault.fault }
    : fault;

const bodyOf = <T>(result: GraphResult, schema: z.ZodType<T>): T | undefined =>
  result.type === 'answer' && result.status === 200 ? schema.safeParse(result.body).data : undefined;

/**
 * A link's path after host and version, as the client wants it: it mangles whole http URLs. The host is ours whatever the
 * link says, so the token goes nowhere else.
 */
const pathOf = (url: string | undefined): string | undefined =>
  /^https?:\/\/[^/]+\/(?:v1\.0|beta)(\/users[/?].*)$/s.exec(url ?? '')?.[1];

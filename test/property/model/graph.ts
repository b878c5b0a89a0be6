import { toInstant, toMs } from '../../../shared/domain/time';
import { REQUESTED_AT } from '../../support/invitations';
import type { Answer, Effect } from './effects';

/** Microsoft Graph as far as the protocol sees it: a mail cannot be taken back, and users show up when they like. */
export interface Graph {
  /** All that were sent, and how many of each. */
  mails: number;
  mailsOf: Record<string, number>;
  guestCreatedAtMs?: number;
  /** The person's permission on the one item there is. */
  permission?: Permission;
  /** Requests whose caller has given up: Graph may still get them, until then where nothing is late. */
  underWay: { effect: Posting; untilMs: number }[];
}

export type Posting = Effect & { type: 'post' | 'deletePermission' };

interface Permission {
  madeAtMs: number;
  /** Gone since then; a list that lags may still show it. */
  goneAtMs?: number;
  wasThere?: true;
}

export const emptyGraph: Graph = { mails: 0, mailsOf: {}, underWay: [] };

export const START_MS = toMs(REQUESTED_AT);

const USER_ID = 'user-1';
const PERMISSION = { id: 'permission-1', roles: ['read'], grantedToV2: { user: { id: USER_ID } } };

export interface Seen {
  label: string;
  answer: Answer;
}

/** A look at Graph. Until its lag is over a read may answer either way, and differently every time. */
export function lookedUp(graph: Graph, of: (Effect & { type: 'lookUp' })['of'], nowMs: number, lagMs: number): Seen[] {
  switch (of) {
    case 'person':
      return personSeen(graph, nowMs, lagMs);
    case 'permissions':
    case 'permission':
      return permissionSeen(graph, of, nowMs, lagMs);
  }
}

function personSeen({ guestCreatedAtMs }: Graph, nowMs: number, lagMs: number): Seen[] {
  const hidden = { label: 'sees nobody in the directory', answer: valueOf({ value: [] }) };
  if (guestCreatedAtMs === undefined) return [hidden];
  const user = {
    id: USER_ID,
    userType: 'Guest',
    externalUserState: 'PendingAcceptance',
    createdDateTime: toInstant(guestCreatedAtMs),
  };
  const shown = { label: 'sees the guest in the directory', answer: valueOf({ ...user, value: [user] }) };
  // Whoever has been there for long is shown.
  const isFresh = guestCreatedAtMs >= START_MS && nowMs < guestCreatedAtMs + lagMs;
  return isFresh ? [hidden, shown] : [shown];
}

function permissionSeen({ permission }: Graph, of: 'permissions' | 'permission', nowMs: number, lagMs: number): Seen[] {
  const hidden: Seen = {
    label: 'sees no permission',
    answer: of === 'permissions' ? valueOf({ value: [] }) : { type: 'refused', status: 404 },
  };
  const shown: Seen = {
    label: 'sees the permission',
    answer: valueOf(of === 'permissions' ? { value: [PERMISSION] } : PERMISSION),
  };
  if (!permission) return [hidden];
  const { madeAtMs, goneAtMs } = permission;
  if (goneAtMs !== undefined) return nowMs < goneAtMs + lagMs ? [hidden, shown] : [hidden];
  return madeAtMs >= START_MS && nowMs < madeAtMs + lagMs ? [hidden, shown] : [shown];
}

/** A request that changes something reaches Graph. `isMailed` false: it is done, and the mail of it fails. */
export function landed(
  graph: Graph,
  effect: Posting,
  nowMs: number,
  isMailed = true,
): { graph: Graph; answer: Answer } {
  if (effect.type === 'deletePermission') {
    const { permission, ...rest } = graph;
    const isThere = permission && permission.goneAtMs === undefined;
    return isThere
      ? { graph: { ...rest, permission: { ...permission, goneAtMs: nowMs } }, answer: { type: 'refused', status: 204 } }
      : { graph, answer: { type: 'refused', status: 404 } };
  }
  const after = isMailed ? mailed(graph, effect.mail) : graph;
  switch (effect.of) {
    case 'guest':
      return {
        graph: { ...after, guestCreatedAtMs: graph.guestCreatedAtMs ?? nowMs },
        answer: valueOf({ id: 'invitation-1', status: 'PendingAcceptance', invitedUser: { id: USER_ID } }),
      };
    case 'share': {
      const isThere = graph.permission && graph.permission.goneAtMs === undefined;
      const error = { code: 'notAllowed', message: 'The mail failed.' };
      const value = [isMailed ? PERMISSION : { ...PERMISSION, error }];
      return { graph: isThere ? after : { ...after, permission: { madeAtMs: nowMs } }, answer: valueOf({ value }) };
    }
    case 'linkedIn':
      return { graph: after, answer: valueOf({ id: 'linkedIn-1' }) };
  }
}

const mailed = (graph: Graph, mail: string): Graph => ({
  ...graph,
  mails: graph.mails + 1,
  mailsOf: { ...graph.mailsOf, [mail]: (graph.mailsOf[mail] ?? 0) + 1 },
});

const valueOf = (value: unknown): Answer => ({ type: 'value', value });

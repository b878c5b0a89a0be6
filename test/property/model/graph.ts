import { toInstant } from '../../../shared/domain/time';
import type { Answer } from './effects';

/** Microsoft Graph as far as the protocol sees it: a mail cannot be taken back, and users show up when they like. */
export interface Graph {
  mails: number;
  guestCreatedAtMs?: number;
  /** Requests whose caller has given up: Graph may still get them, until then where nothing is late. */
  underWay: { attemptId: string; untilMs: number }[];
}

export const emptyGraph: Graph = { mails: 0, underWay: [] };

const USER_ID = 'user-1';

/** A search for the person. Until its lag is over the directory may answer either way, and differently every time. */
export function lookedUp(graph: Graph, nowMs: number, lagMs: number): { label: string; answer: Answer }[] {
  const hidden = { label: 'sees nobody in the directory', answer: valueOf({ value: [] }) };
  const { guestCreatedAtMs } = graph;
  if (guestCreatedAtMs === undefined) return [hidden];
  const user = {
    id: USER_ID,
    userType: 'Guest',
    externalUserState: 'PendingAcceptance',
    createdDateTime: toInstant(guestCreatedAtMs),
  };
  const shown = { label: 'sees the guest in the directory', answer: valueOf({ ...user, value: [user] }) };
  return nowMs < guestCreatedAtMs + lagMs ? [hidden, shown] : [shown];
}

/** POST /invitations reaches Graph: one mail, and a user where there was none. */
export function landed(graph: Graph, nowMs: number): { graph: Graph; answer: Answer } {
  const invited = { id: 'invitation-1', status: 'PendingAcceptance', invitedUser: { id: USER_ID } };
  return {
    graph: { ...graph, guestCreatedAtMs: graph.guestCreatedAtMs ?? nowMs, mails: graph.mails + 1 },
    answer: valueOf(invited),
  };
}

const valueOf = (value: unknown): Answer => ({ type: 'value', value });

import type { HttpResponseInit } from '@azure/functions';
import { isInvitationId } from '../domain/ids';
import {
  type HistoryEntry,
  type Invitation,
  type Removal,
  type Warning,
  isWorkLeft,
  phaseOf,
} from '../domain/invitation';
import { type InvitationRequest, groupIdsOf } from '../domain/request';
import type { StoredInvitation } from '../tables/invitationEntity';
import { parseWakeUpKey } from '../tables/keys';
import { type ErrorAnswer, errorAnswer } from './errors';

/**
 * An invitation as callers see it: ours on top, every option as it was understood, and Graph's under `graph`. Never
 * holds a redeem URL: none is stored.
 */
export function invitationBody(stored: StoredInvitation, warnings: Warning[], history?: HistoryEntry[]): object {
  const { invitation } = stored;
  const { request, sends, fault } = invitation;
  return {
    id: invitation.id,
    status: invitation.status,
    createdAt: invitation.createdAt,
    ...shownRequest(request),
    ...pick(invitation, 'firstSentAt', 'expiresAt', 'acceptedAt', 'closedAt', 'resendRequestedAt', 'revokeRequested'),
    ...pick(invitation, 'batchId', 'waitsFor', 'replacedBy', 'updateRequestedAt', 'approvalExpiresAt', 'erasedAt'),
    ...nextOf(stored),
    sends: sends.map(({ number, cause, status, at }) => ({ number, cause, status, at })),
    ...(history ? { history: history.map((each) => withComment(each, invitation)) } : {}),
    ...(fault ? { fault } : {}),
    ...groupsOf(invitation),
    ...removalOf(invitation),
    warnings,
    ...(invitation.graph ? { graph: invitation.graph } : {}),
  };
}

/** When something is due next; of a closed invitation with nothing else left, when it will be erased. */
function nextOf({ invitation, wakeUp }: StoredInvitation): { nextAt?: string; eraseAt?: string } {
  if (wakeUp === undefined) return {};
  const { at } = parseWakeUpKey(wakeUp);
  const isDone = phaseOf(invitation.status) === 'closed' && !isWorkLeft(invitation);
  return isDone && invitation.nextCheckAt === undefined ? { eraseAt: at } : { nextAt: at };
}

/** The comment of an approval is kept with the invitation alone, so that erasing it reaches it. */
const withComment = (each: HistoryEntry, { approval }: Invitation): HistoryEntry =>
  approval?.comment !== undefined && each.what === approval.decision ? { ...each, detail: approval.comment } : each;

/** Every option as it was understood; a password only as being there. */
function shownRequest(request: InvitationRequest): object {
  if (request.kind !== 'driveItem' || request.password === undefined) return request;
  return { ...request, password: undefined, hasPassword: true };
}

function pick(invitation: Invitation, ...names: (keyof Invitation)[]): Partial<Invitation> {
  return Object.fromEntries(names.filter((name) => name in invitation).map((name) => [name, invitation[name]]));
}

/** The groups of the request, `waiting` until the person accepts. */
function groupsOf({ request, groups }: Invitation): { groups?: object[] } {
  const asked = groupIdsOf(request);
  if (!asked) return {};
  const shown = asked.map((id) => {
    const group = groups?.find((each) => each.id === id);
    return { id, status: group?.status ?? 'waiting', ...(group?.status === 'failed' ? { code: group.code } : {}) };
  });
  return { groups: shown };
}

/** What becomes of the guest account, or of the access to the item, after a revoke or an expiry, in words. */
function removalOf({ kind, removal }: Invitation): { guest?: object; access?: object } {
  if (!removal) return {};
  const isItem = kind === 'driveItem';
  const shown = { ...removalFacts(removal), message: (isItem ? accessMessage : guestMessage)(removal) };
  return isItem ? { access: shown } : { guest: shown };
}

function removalFacts(removal: Removal): object {
  switch (removal.status) {
    case 'due':
      return { status: 'removing' };
    case 'removed':
      return { status: 'removed', at: removal.at };
    case 'kept':
      return { status: 'kept', reason: removal.reason };
  }
}

function guestMessage(removal: Removal): string {
  switch (removal.status) {
    case 'due':
      return 'The guest is about to be removed from the directory.';
    case 'removed':
      return 'The guest was removed from the directory.';
    case 'kept':
      return `The guest was left in the directory (${removal.reason}); the link in the mail still works.`;
  }
}

function accessMessage(removal: Removal): string {
  switch (removal.status) {
    case 'due':
      return 'The access to the item is about to be taken back.';
    case 'removed':
      return 'The access to the item was taken back.';
    case 'kept':
      return `The access to the item was left as it is (${removal.reason}).`;
  }
}

/** 202 or 200 for a request or a decision: where to look, when to look, and the invitation. */
export function acceptedAnswer(
  status: 202 | 200,
  stored: StoredInvitation,
  warnings: Warning[],
  requestUrl: string,
  retryAfterSeconds: number,
): HttpResponseInit {
  return {
    status,
    headers: {
      Location: locationOf(stored.invitation.id, requestUrl),
      'Retry-After': String(retryAfterSeconds),
    },
    jsonBody: invitationBody(stored, warnings),
  };
}

/** Absolute, because Logic Apps and browsers alike follow it; the key that a caller used is never repeated in it. */
export function locationOf(id: string, requestUrl: string): string {
  const { origin, pathname } = new URL(requestUrl);
  const prefix = pathname.slice(0, pathname.indexOf('/invitations'));
  return `${origin}${prefix}/invitations/${id}`;
}

export function foundAnswer(
  stored: StoredInvitation,
  history: HistoryEntry[],
  ifNoneMatch: string | null,
): HttpResponseInit {
  const headers = { ETag: stored.etag };
  if (ifNoneMatch !== null && ifNoneMatch === stored.etag) return { status: 304, headers };
  const { warnings } = stored.invitation;
  return { status: 200, headers, jsonBody: invitationBody(stored, warnings, asOf(stored.invitation, history)) };
}

/** History is read after the invitation and may be newer by then: what the ETag names is shown, and no more. */
const asOf = ({ historyCount, lastHistory }: Invitation, history: HistoryEntry[]): HistoryEntry[] =>
  lastHistory ? [...history.slice(0, historyCount - 1), lastHistory] : [];

/** What is no id is not repeated: people put addresses there. */
export const notFoundAnswer = (id: string): ErrorAnswer =>
  errorAnswer(
    404,
    'notFound',
    isInvitationId(id) ? `There is no invitation ${id}.` : 'The URL holds no id of an invitation where one belongs.',
  );

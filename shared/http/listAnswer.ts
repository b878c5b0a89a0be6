import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { addressOf } from '../domain/request';
import type { StoredInvitation } from '../tables/invitationEntity';
import { parseWakeUpKey } from '../tables/keys';
import { prefersCsv } from './accept';
import { csvOf } from './csv';
import { invitationBody } from './invitationAnswer';
import type { ListQuery } from './listQuery';

/**
 * One page of a list: `{value, nextLink}`, the entries as GET /invitations/{id} shows them without their history; or CSV
 * where the caller likes that better, with the next page in a Link header (RFC 8288).
 */
export function listAnswer(
  request: HttpRequest,
  { pageSize, isPreferred }: ListQuery,
  found: StoredInvitation[],
  skipToken: string | undefined,
): HttpResponseInit {
  const nextLink = skipToken === undefined ? undefined : nextLinkOf(request.url, pageSize, skipToken);
  const headers = {
    Vary: 'Accept',
    ...(isPreferred ? { 'Preference-Applied': `odata.maxpagesize=${pageSize}` } : {}),
  };
  if (prefersCsv(request.headers.get('accept'))) {
    const link = nextLink === undefined ? {} : { Link: `<${nextLink}>; rel="next"` };
    const type = 'text/csv; charset=utf-8; header=present';
    return {
      status: 200,
      headers: { ...headers, ...link, 'Content-Type': type },
      body: csvOf(NAMES, found.map(rowOf)),
    };
  }
  const value = found.map((stored) => invitationBody(stored, stored.invitation.warnings));
  return { status: 200, headers, jsonBody: { value, ...(nextLink === undefined ? {} : { nextLink }) } };
}

/** Absolute, with the token and the size alone: no filter, and no function key that came in the query. */
function nextLinkOf(requestUrl: string, pageSize: number, skipToken: string): string {
  const { origin, pathname } = new URL(requestUrl);
  return `${origin}${pathname}?maxpagesize=${pageSize}&skiptoken=${skipToken}`;
}

type Text = string | undefined;

/** The columns of the CSV: their order stays, new ones come last. */
const COLUMNS: Record<string, (stored: StoredInvitation) => Text> = {
  id: ({ invitation }) => invitation.id,
  status: ({ invitation }) => invitation.status,
  kind: ({ invitation }) => invitation.kind,
  createdAt: ({ invitation }) => invitation.createdAt,
  email: ({ invitation }) => addressOf(invitation.request),
  displayName: ({ invitation: { request } }) => (request.kind === 'guest' ? request.invitedUserDisplayName : undefined),
  target: ({ invitation: { request } }) => (request.kind === 'driveItem' ? request.target : undefined),
  source: ({ invitation }) => invitation.request.source,
  externalId: ({ invitation }) => invitation.request.externalId,
  sends: ({ invitation }) => String(invitation.sends.length),
  firstSentAt: ({ invitation }) => invitation.firstSentAt,
  lastSentAt: ({ invitation }) => invitation.sends.at(-1)?.at,
  expiresAt: ({ invitation }) => invitation.expiresAt,
  acceptedAt: ({ invitation }) => invitation.acceptedAt,
  closedAt: ({ invitation }) => invitation.closedAt,
  nextAt: ({ wakeUp }) => (wakeUp === undefined ? undefined : parseWakeUpKey(wakeUp).at),
  invitedUserId: ({ invitation }) => invitation.graph?.invitedUser?.id,
  faultCode: ({ invitation }) => invitation.fault?.code,
};

const NAMES = Object.keys(COLUMNS);

const rowOf = (stored: StoredInvitation): string[] => Object.values(COLUMNS).map((cell) => cell(stored) ?? '');

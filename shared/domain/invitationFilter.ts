import type { Invitation, Kind, Status } from './invitation';
import type { Instant } from './time';

/** Which invitations a list shows. All that is given must hold. */
export interface InvitationFilter {
  status?: Status;
  kind?: Kind;
  /** Hash of the person, as `personHash` makes it. */
  person?: string;
  source?: string;
  externalId?: string;
  /** Requested then or later, and before then: two lists that meet at an instant share nothing and miss nothing. */
  createdAfter?: Instant;
  createdBefore?: Instant;
}

/** What a filter asks that the invitation itself tells; the times are told by its id. */
export function passes(invitation: Invitation, filter: InvitationFilter, onlyCaller: string | undefined): boolean {
  const { status, kind, person, source, externalId } = filter;
  return (
    (status === undefined || invitation.status === status) &&
    (kind === undefined || invitation.kind === kind) &&
    (person === undefined || invitation.person === person) &&
    (source === undefined || invitation.request.source === source) &&
    (externalId === undefined || invitation.request.externalId === externalId) &&
    (onlyCaller === undefined || invitation.caller === onlyCaller)
  );
}

/** Whether an index holds just what the filter asks for, so that nothing is read that is not shown. */
export function isByIndex(filter: InvitationFilter, onlyCaller: string | undefined): boolean {
  const { status, kind, person, source, externalId } = filter;
  const readsThrough = kind !== undefined || source !== undefined || externalId !== undefined;
  return !readsThrough && onlyCaller === undefined && (person === undefined || status === undefined);
}

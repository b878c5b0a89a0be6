import { invitationBody } from '../http/invitationAnswer';
import type { DueEvent } from '../tables/dueEvents';
import type { StoredInvitation } from '../tables/invitationEntity';

/**
 * What is posted: `type`, `timestamp` and `data` of Standard Webhooks, with the number of the event and the status that
 * it led to. `data` is the invitation as it is now, as GET shows it without history: what was erased meanwhile is not in
 * it, nor ever a redeem URL.
 */
export const eventBody = ({ type, at, sequence, status }: DueEvent, stored: StoredInvitation): string =>
  JSON.stringify({
    type,
    timestamp: at,
    sequence,
    status,
    data: invitationBody(stored, stored.invitation.warnings),
  });

import { randomUUID } from 'node:crypto';
import { LosslessNumber } from 'lossless-json';
import { badRequest, resourceNotFound, type Answer, type Call } from './answers';
import { parseNewInvitation, parseUpdate, type LinkedInInvitation } from './linkedInRequest';
import type { Route } from './route';
import type { Simulation } from './simulation';

/**
 * `POST /linkedIn/invitations/$ref`, by the page's example without `/$ref` too, and `PATCH /linkedIn/invitations`.
 *
 * Graph publishes no such API: these are its unfinished reference pages "Add invitations" and "Update invitations", which
 * name no permission, so none is asked for. Which invitation an update means, its body says. Nobody is mailed.
 */
export const linkedInRoutes: Route[] = [
  { method: 'POST', pattern: /^\/linkedIn\/invitations(?:\/(?:\$|%24)ref)?$/, permissions: [], answer: addInvitation },
  { method: 'PATCH', pattern: /^\/linkedIn\/invitations$/, permissions: [], answer: updateInvitation },
];

function addInvitation({ linkedIn }: Simulation, call: Call): Answer {
  const parsed = parseNewInvitation(call);
  if (parsed.type === 'invalid') return parsed.answer;
  const invitation = { ...parsed.invitation, id: randomUUID() };
  linkedIn.set(invitation.id, invitation);
  return { status: 201, body: toInvitationV2(invitation), isExact: true };
}

function updateInvitation({ linkedIn }: Simulation, call: Call): Answer {
  const parsed = parseUpdate(call);
  if (parsed.type === 'invalid') return parsed.answer;
  const { id } = parsed.invitation;
  if (!id) return badRequest("The property 'id' is required.");
  const before = linkedIn.get(id);
  if (!before) return resourceNotFound(id);
  const after: LinkedInInvitation = { ...before, ...parsed.invitation, id };
  linkedIn.set(id, after);
  return { status: 200, body: toInvitationV2(after), isExact: true };
}

/** The invitation as the pages' examples show it: annotated, an Int64 as a number of all its digits. */
export function toInvitationV2(invitation: LinkedInInvitation): object {
  const { id, created, lastModified, inviter, invitee, message, trackingId } = invitation;
  const { invitationTemplateID, invitationMessage } = message;
  return {
    '@odata.type': '#microsoft.graph.InvitationV2',
    id,
    created: new LosslessNumber(created),
    lastModified: new LosslessNumber(lastModified),
    inviter,
    invitee,
    message: {
      '@odata.type': '#microsoft.graph.InvitationV2Message',
      invitationTemplateID,
      invitationMessage: invitationMessage && {
        '@odata.type': '#microsoft.graph.InvitationMessage',
        ...invitationMessage,
      },
    },
    trackingId,
  };
}

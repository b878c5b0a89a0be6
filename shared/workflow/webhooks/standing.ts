import { differencesOf } from '../../domain/canonical';
import { type Invitation, phaseOf } from '../../domain/invitation';
import { type InvitationRequest, thingOf } from '../../domain/request';
import type { SourceLink } from '../../tables/sourceLinks';
import type { ActionParts } from './actionParts';

/** Open or waiting for a person. One whose place another took already is revoked by that one. */
export const isOpen = ({ status, replacedBy }: Invitation): boolean =>
  phaseOf(status) !== 'closed' && replacedBy === undefined;

/** The invitations behind links; those that were never stored, or are not yet, are left out. */
export async function invitationsOf(
  links: SourceLink[],
  { invitations }: Pick<ActionParts, 'invitations'>,
): Promise<Invitation[]> {
  const found: Invitation[] = [];
  for (const { id } of links) {
    const stored = await invitations.read(id);
    if (stored) found.push(stored.invitation);
  }
  return found;
}

export const isSameThing = (a: InvitationRequest, b: InvitationRequest): boolean => thingOf(a) === thingOf(b);

/** Filled in by settings, which may have changed since: no reason to send a mail again. */
const BY_SETTINGS = new Set([
  'approval',
  'expireAfter',
  'inviteRedirectUrl',
  'reminders',
  'replaces',
  'sendInvitation',
  'sendInvitationMessage',
]);

/**
 * Whether an invitation already does what is asked for in its place: it is for the same person and thing, and was mailed
 * (nobody is mailed again because a name or a date changed), or says the same. `body`: what is asked for as it was
 * written, without what settings add.
 */
export function isStanding(
  invitation: Invitation,
  asked: { request: InvitationRequest; person: string },
  body: Record<string, unknown>,
): boolean {
  if (invitation.person !== asked.person || !isSameThing(invitation.request, asked.request)) return false;
  const isMailed = !['awaitingApproval', 'scheduled', 'queued'].includes(invitation.status);
  if (isMailed || invitation.intent) return true;
  return differencesOf(asked.request, invitation.request).every(
    (name) => BY_SETTINGS.has(name) && !Object.hasOwn(body, name),
  );
}

import { originIn } from '../../telemetry/origin';
import type { StoredInvitation } from '../../tables/invitationEntity';
import type { Subject } from '../../tables/sourceLinks';
import type { RequestResult } from '../requestInvitation';
import { type Acted, type ActionOf, type ActionParts, callerOf } from './actionParts';
import { revokeOne } from './revokeForSource';
import { invitationsOf, isOpen, isSameThing } from './standing';
import { subjectsOf } from './subjects';

/** Invites, unless the source decided otherwise about the person by a later event that was through before. */
export async function inviteForSource(
  request: Record<string, unknown>,
  of: ActionOf,
  parts: ActionParts,
): Promise<{ acted: Acted; made: StoredInvitation[] }> {
  const subjects = subjectsOf(of.source, request, parts);
  if (await isSuperseded(subjects, of, parts)) return { acted: { deed: 'superseded' }, made: [] };
  const result = await parts.requestInvitation({
    body: request,
    caller: callerOf(of.source),
    idempotencyKey: of.name,
    // By a mended mapping, or later data, a repeat of the event may ask for something else: the first one counts.
    fingerprint: 'the first counts',
    askedAt: of.askedAt,
    origin: originIn(of.source),
  });
  await adopt(accepted(result, 200), subjects, of, parts);
  const made = accepted(result, 202);
  for (const { invitation } of made) {
    if (!(await isOvertaken(invitation.id, subjects, of, parts))) continue;
    await revokeOne(invitation.id, of.source, parts);
    return { acted: { deed: 'superseded' }, made };
  }
  return { acted: actedOf(result), made };
}

/** What the source said last about a person holds. */
export async function isSuperseded(
  subjects: Subject[],
  { askedAt }: ActionOf,
  { sourceLinks }: ActionParts,
): Promise<boolean> {
  const decisions = await Promise.all(subjects.map((subject) => sourceLinks.decision(subject)));
  return decisions.some((decision) => decision !== undefined && decision.at > askedAt);
}

/** The source wants them again: a leaver's event that came before this one and is late leaves them alone. */
async function adopt(
  open: StoredInvitation[],
  subjects: Subject[],
  { source, askedAt }: ActionOf,
  { sourceLinks }: ActionParts,
): Promise<void> {
  for (const { invitation } of open.filter((each) => each.invitation.request.source === source)) {
    for (const subject of subjects) {
      const known = (await sourceLinks.linked(subject)).find(({ id }) => id === invitation.id);
      if (known && known.askedAt < askedAt) await sourceLinks.link(subject, { id: invitation.id, askedAt });
    }
  }
}

/**
 * Whether a later event decided while this invitation was being stored, and so did not find it. A replacement that found
 * nobody may have been answered with this very invitation, so it only counts where its own stands.
 */
async function isOvertaken(id: string, subjects: Subject[], of: ActionOf, parts: ActionParts): Promise<boolean> {
  for (const subject of subjects) {
    const decision = await parts.sourceLinks.decision(subject);
    if (!decision || decision.at <= of.askedAt) continue;
    const links = await parts.sourceLinks.linked(subject);
    const own = links.find((link) => link.id === id);
    if (own && own.askedAt >= decision.at) continue;
    if (decision.what === 'revoke') return true;
    const later = await invitationsOf(
      links.filter((link) => link.id !== id && link.askedAt > of.askedAt),
      parts,
    );
    const [invitation] = own ? await invitationsOf([own], parts) : [];
    if (invitation && later.some((each) => isOpen(each) && isSameThing(each.request, invitation.request))) return true;
  }
  return false;
}

function accepted(result: RequestResult, status: 200 | 202): StoredInvitation[] {
  if (result.type === 'batch') return result.results.flatMap((each) => accepted(each, status));
  return result.type === 'accepted' && result.status === status ? [result.stored] : [];
}

function actedOf(result: RequestResult): Acted {
  switch (result.type) {
    case 'accepted':
      return { deed: result.status === 202 ? 'invited' : 'alreadyInvited' };
    case 'batch': {
      const undone = result.results.map(actedOf).find((each) => 'type' in each);
      const times = accepted(result, 202).length;
      return undone ?? (times === 0 ? { deed: 'alreadyInvited' } : { deed: 'invited', times });
    }
    case 'duplicate':
    case 'duplicateOfAnothers':
      return { deed: 'alreadyInvited' };
    case 'invalid':
      return {
        type: 'kept',
        outcome: `POST /invitations refuses: ${result.faults.map(({ code }) => code).join(', ')}.`,
      };
    case 'overQuota':
      return { type: 'again', outcome: `Today’s quota of its ${result.of} is used up.` };
    case 'keyReused':
      throw new Error('The idempotency key of an event stands for whatever was asked for first.');
    case 'inProgress':
      return { type: 'again', outcome: 'The same event is being worked on.' };
  }
}

import { personHash } from '../../domain/ids';
import { parseRequest } from '../../domain/parseRequest';
import type { InvitationRequest } from '../../domain/request';
import type { Subject } from '../../tables/sourceLinks';
import type { Acted, ActionOf, ActionParts } from './actionParts';
import { inviteForSource, isSuperseded } from './inviteForSource';
import { revokeOne } from './revokeForSource';
import { invitationsOf, isOpen, isSameThing, isStanding } from './standing';

/**
 * Asks for a new invitation in the place of the open one of that subject: for the same thing where there is one, else the
 * newest. Nothing open counts as an invite; one that stands already is left as it is.
 */
export async function replaceForSource(
  subject: Subject,
  request: Record<string, unknown>,
  of: ActionOf,
  parts: ActionParts,
): Promise<Acted> {
  const { sourceLinks, rules, hashKey } = parts;
  if (await isSuperseded([subject], of, parts)) return { deed: 'superseded' };
  await sourceLinks.decide(subject, { at: of.askedAt, what: 'replace' });
  const parsed = parseRequest(request, rules);
  const [asked] = parsed.ok ? parsed.asked : [];
  if (!asked) return (await inviteForSource(request, of, parts)).acted;

  const found = await earlierOf(subject, of, parts);
  const open = found.filter(isOpen);
  const others = open.length > 0 ? open : found.filter(({ status }) => status === 'accepted');
  const person = personHash(hashKey, asked.person);
  if (others.some((each) => isStanding(each, { ...asked, person }, request))) return { deed: 'unchanged' };

  const old = open.find((each) => isSameThing(each.request, asked.request)) ?? open[0];
  const body = old ? { ...request, replaces: old.id } : request;
  const { acted, made } = await inviteForSource(body, of, parts);
  const [only] = made;
  if (only) await revokeMissed(subject, { id: only.invitation.id, oldId: old?.id, request: asked.request }, of, parts);
  return old && 'deed' in acted && acted.deed === 'invited' ? { deed: 'replaced' } : acted;
}

const earlierOf = async (subject: Subject, of: ActionOf, parts: ActionParts) => {
  const links = await parts.sourceLinks.linked(subject);
  return invitationsOf(
    links.filter(({ askedAt }) => askedAt <= of.askedAt),
    parts,
  );
};

/** What an earlier event stored while this one was at it: whichever of the two stores last sees the other. */
async function revokeMissed(
  subject: Subject,
  made: { id: string; oldId: string | undefined; request: InvitationRequest },
  of: ActionOf,
  parts: ActionParts,
): Promise<void> {
  for (const { id, request, ...rest } of await earlierOf(subject, of, parts)) {
    const isOther = id !== made.id && id !== made.oldId && isSameThing(request, made.request);
    if (isOther && isOpen({ id, request, ...rest })) await revokeOne(id, of.source, parts);
  }
}

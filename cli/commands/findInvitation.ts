import { isInvitationId } from '../../shared/domain/ids';
import type { Invitations } from '../api/invitations';
import type { GivenInvitation } from '../api/shownInvitation';
import { usageFault } from '../cliFault';

/** Whether a person typed an id; else it must be an address. */
export function isId(text: string): boolean {
  if (isInvitationId(text.toLowerCase())) return true;
  if (text.includes('@')) return false;
  throw usageFault(`"${text}" is neither the id of an invitation nor an address.`);
}

/** A person's invitations, the newest first, up to `most`. */
export async function invitationsOf(
  invitations: Invitations,
  address: string,
  most: number,
): Promise<GivenInvitation[]> {
  const found: GivenInvitation[] = [];
  let query: string | undefined = `?${new URLSearchParams({ email: address, maxpagesize: String(most) }).toString()}`;
  // A page may be short, even empty, before the last (docs/api-lists.md).
  while (query !== undefined && found.length < most) {
    const page = await invitations.page(query);
    found.push(...page.value);
    query = page.next;
  }
  return found.slice(0, most);
}

import { toGraphDateTime } from './answers';
import type { DirectoryUser } from './directory';
import { newGuest } from './guest';
import type { Share } from './shares';
import type { Simulation } from './simulation';
import type { GuestTicket } from './tickets';

/** The user has accepted, as of now; once is enough: the instant of the first time stays. */
export function accept({ directory, now }: Simulation, user: DirectoryUser): DirectoryUser {
  if (user.externalUserState !== 'PendingAcceptance') return user;
  const accepted: DirectoryUser = {
    ...user,
    externalUserState: 'Accepted',
    externalUserStateChangeDateTime: toGraphDateTime(now()),
  };
  directory.put(accepted);
  return accepted;
}

/** The person opens the item: who was a stranger is a guest of the directory from then on, and granted the permission. */
export function openShare(simulation: Simulation, share: Share, email: string): DirectoryUser {
  const { directory, shares, tenant, now } = simulation;
  const known = (share.grantedTo && directory.find(share.grantedTo.id)) ?? directory.findByMail(email);
  const user = known ? accept(simulation, known) : newGuest(tenant, now(), { email, state: 'Accepted' });
  if (!known) directory.put(user);
  shares.put({
    ...share,
    grantedTo: { id: user.id, displayName: user.displayName },
    usedAt: share.usedAt ?? toGraphDateTime(now()),
  });
  return user;
}

/** Everything that this person was invited to is accepted; undefined when that is nothing. */
export function redeemAs(simulation: Simulation, email: string): DirectoryUser | undefined {
  const { directory, shares } = simulation;
  const user = directory.findByMail(email);
  const guest = user && user.externalUserState !== null ? accept(simulation, user) : undefined;
  const opened = shares.of({ userId: user?.id, email }).map((share) => openShare(simulation, share, email));
  return guest ?? opened[0];
}

export type Redeemable =
  | { type: 'guest'; ticket: GuestTicket; user: DirectoryUser }
  | { type: 'share'; email: string; share: Share }
  | { type: 'used' | 'void' | 'unknown' };

/** What has become of the invitation, or the share, that a redeem URL's ticket stands for. */
export function lookUp({ tickets, directory, shares }: Simulation, code: string | undefined): Redeemable {
  const found = code === undefined ? undefined : tickets.find(code);
  if (!found) return { type: 'unknown' };
  const { ticket, isVoid } = found;
  if ('permissionId' in ticket) {
    const share = shares.find(ticket.permissionId);
    if (!share) return { type: 'void' };
    return share.usedAt === null ? { type: 'share', email: ticket.email, share } : { type: 'used' };
  }
  const user = directory.find(ticket.userId);
  if (!user || isVoid) return { type: 'void' };
  return user.externalUserState === 'PendingAcceptance' ? { type: 'guest', ticket, user } : { type: 'used' };
}

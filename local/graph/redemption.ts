import { toGraphDateTime } from './answers';
import type { DirectoryUser } from './directory';
import type { Simulation } from './simulation';
import type { Ticket } from './tickets';

/** The user has accepted, as of now; once is enough: the instant of the first time stays. */
export function accept({ directory, now }: Simulation, user: DirectoryUser): DirectoryUser {
  if (user.externalUserState === 'Accepted') return user;
  const accepted: DirectoryUser = {
    ...user,
    externalUserState: 'Accepted',
    externalUserStateChangeDateTime: toGraphDateTime(now()),
  };
  directory.put(accepted);
  return accepted;
}

export type Redeemable =
  | { type: 'open'; ticket: Ticket; user: DirectoryUser }
  | { type: 'used'; ticket: Ticket }
  | { type: 'void' }
  | { type: 'unknown' };

/** What has become of the invitation that a redeem URL's ticket stands for. */
export function lookUp({ tickets, directory }: Simulation, code: string | undefined): Redeemable {
  const found = code === undefined ? undefined : tickets.find(code);
  if (!found) return { type: 'unknown' };
  const user = directory.find(found.ticket.userId);
  if (!user || found.isVoid) return { type: 'void' };
  return user.externalUserState === 'PendingAcceptance'
    ? { type: 'open', ticket: found.ticket, user }
    : { type: 'used', ticket: found.ticket };
}

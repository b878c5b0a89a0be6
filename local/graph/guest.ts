import { randomUUID } from 'node:crypto';
import { toGraphDateTime } from './answers';
import type { DirectoryUser } from './directory';
import type { Tenant } from './simulation';

interface NewGuest {
  email: string;
  displayName?: string | null | undefined;
  userType?: DirectoryUser['userType'] | null | undefined;
  state: 'PendingAcceptance' | 'Accepted';
}

/** A user from outside as the directory takes them in: under a new id, named after the address unless told otherwise. */
export function newGuest(tenant: Tenant, nowMs: number, { email, displayName, userType, state }: NewGuest) {
  const at = toGraphDateTime(nowMs);
  return {
    id: randomUUID(),
    mail: email,
    otherMails: [email],
    userPrincipalName: `${email.replace('@', '_')}#EXT#@${tenant.initialDomain}`,
    displayName: displayName ?? email.replace(/@.*/, ''),
    userType: userType ?? 'Guest',
    creationType: 'Invitation',
    createdDateTime: at,
    externalUserState: state,
    externalUserStateChangeDateTime: at,
  } satisfies DirectoryUser;
}

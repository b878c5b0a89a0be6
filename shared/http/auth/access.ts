import type { Caller, Role } from '../caller';

/** What a route asks of its caller. */
export interface Access {
  /** One of these is enough, for every invitation. */
  all: readonly Role[];
  /** This one is enough for the invitations that the caller made itself. */
  own?: Role;
}

export const toCreate: Access = { all: ['Invitation.Create'] };
export const toRead: Access = { all: ['Invitation.Read.All', 'Invitation.Manage'], own: 'Invitation.Create' };
/** What whoever asked for an invitation may do with it afterwards: resend, revoke, change it. */
export const toChange: Access = { all: ['Invitation.Manage'], own: 'Invitation.Create' };
/** What decides against the workflow's own findings, or for everybody. */
export const toManage: Access = { all: ['Invitation.Manage'] };
export const toApprove: Access = { all: ['Invitation.Approve'] };

export type Verdict = 'granted' | 'onlyOwn' | 'missingRole';

/** How far a caller's roles reach on a route, before any invitation is looked at. */
export function judge({ roles }: Caller, { all, own }: Access): Verdict {
  if (all.some((role) => roles.has(role))) return 'granted';
  return own !== undefined && roles.has(own) ? 'onlyOwn' : 'missingRole';
}

/** Whether the caller may see nothing but the invitations that it made: lists and duplicates then leave others' out. */
export const seesOnlyOwn = (caller: Caller): boolean => judge(caller, toRead) !== 'granted';

/** The roles of which one would do, in words. */
export const neededRoles = ({ all, own }: Access): string =>
  [...all, ...(own === undefined ? [] : [`${own} (for invitations of one’s own)`])].join(' or ');

/** The app roles of the API's registration in Entra. docs/api-identity.md says which route asks for which. */
export const ROLES = ['Invitation.Create', 'Invitation.Read.All', 'Invitation.Manage', 'Invitation.Approve'] as const;
export type Role = (typeof ROLES)[number];

/** Who called. */
export interface Caller {
  /** `app:{client id}`, `user:{object id}` or `functionKey`: an id, never a name or an address, for history keeps it. */
  id: string;
  roles: ReadonlySet<Role>;
}

/** Function keys don't tell callers apart: whoever has one is this caller. */
export const KEY_CALLER = 'functionKey';

/** A function key opens everything that it is given to. */
export const keyCaller: Caller = { id: KEY_CALLER, roles: new Set(ROLES) };

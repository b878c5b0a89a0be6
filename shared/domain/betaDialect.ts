import { withoutTypes } from './annotations';
import type { Warning } from './invitation';

/** Graph's to give: the beta page lists them among the properties of a request, so there they are let in and left out. */
const READ_ONLY = ['id', 'inviteRedeemUrl', 'status'];

/** Annotation values of the namespaces that the beta page and v1.0 use for the types of an invitation. */
const TYPES =
  /^#?(microsoft\.aadinvitemgr|microsoft\.graph)\.(invitation|invitedUserMessageInfo|recipient|emailAddress)$/i;

const INFO = 'invitedUserMessageInfo';
const BETA_INFO = 'InvitedUserMessageInfo';

/**
 * The normal form of a body in the dialect of Graph's beta page (namespace Microsoft.AADInviteMgr): `@odata.type`
 * annotations are taken off, `InvitedUserMessageInfo` gets its v1.0 name, and what is Graph's to give is left out with a
 * warning. Whatever else is in it stays, for the schema to judge.
 */
export function fromBetaDialect(body: object): { body: object; warnings: Warning[] } {
  const entries = Object.entries(withoutTypes(body, TYPES) as object);
  const hasBoth = INFO in body && BETA_INFO in body;
  const warnings = READ_ONLY.filter((name) => name in body).map((name): Warning => ({
    code: 'ignoredProperty',
    target: name,
    message: `${name} was ignored: Microsoft Graph sets it.`,
  }));
  const kept = entries
    .filter(([name]) => !READ_ONLY.includes(name))
    .map(([name, value]) => [name === BETA_INFO && !hasBoth ? INFO : name, value] as const);
  return { body: Object.fromEntries(kept), warnings };
}

import { createHash } from 'node:crypto';
import { badRequest, failure, type Answer } from './answers';
import type { Tenant } from './simulation';

type Refusal = (address: string) => Answer;

/** As a UUID, and the same one each time: the directory object that the message says is in the way. */
function objectIdOf(address: string): string {
  const hex = createHash('sha256').update(address.toLowerCase()).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const userAlreadyExists = (objectId: string) =>
  badRequest(
    `The invited user already exists in the directory as objectID: ${objectId}. They can use that account to sign in to shared apps and resources.`,
  );

const refusalByPrefix: Record<string, Refusal> = {
  group: () => badRequest('Group email address is not supported'),
  internal: (address) => userAlreadyExists(objectIdOf(address)),
  blocked: (address) =>
    failure(
      412,
      'PreconditionFailed',
      `The invited user already exists in the directory as objectID: ${objectIdOf(address)}, but the account is blocked from signing in. They can't sign in to shared apps and resources until it is unblocked.`,
    ),
  crosstenant: () =>
    badRequest(
      "This invitation is blocked by cross-tenant access settings. Admins in both your organization and the invited user's organization must configure cross-tenant access settings to allow the invitation.",
    ),
  fault: () => failure(500, 'InternalServerError', 'Unable to find target address'),
};

/**
 * How Graph refuses to invite some addresses; undefined for all others. Nothing is created then, and nothing is sent.
 *
 * | address | answer |
 * |---|---|
 * | anything in the tenant's own domains | 400 BadRequest `Invitee is in inviter tenant` |
 * | group-…, group.… | 400 BadRequest `Group email address is not supported` |
 * | internal-…, internal.… | 400 BadRequest `The invited user already exists in the directory as objectID: …` |
 * | blocked-…, blocked.… | 412 PreconditionFailed `…but the account is blocked from signing in. …` |
 * | crosstenant-…, crosstenant.… | 400 BadRequest `This invitation is blocked by cross-tenant access settings. …` |
 * | fault-…, fault.… | 500 InternalServerError `Unable to find target address`, every time |
 *
 * Which codes Graph gives with 412 and for cross-tenant blocks isn't documented: a fault in behaviour.ts with an
 * email, a status, a code and a message of its own stands for any other.
 */
export function refusalByAddress(address: string, tenant: Tenant): Answer | undefined {
  const [local = '', domain = ''] = address.toLowerCase().split('@');
  if (domain === tenant.domain || domain === tenant.initialDomain) return badRequest('Invitee is in inviter tenant');
  const prefix = /^([a-z]+)[.-]/.exec(local)?.[1];
  return prefix !== undefined && Object.hasOwn(refusalByPrefix, prefix)
    ? refusalByPrefix[prefix]?.(address)
    : undefined;
}

import type { DriveItemRequest } from '../../domain/driveItemRequest';
import { type GraphRecord, type Invitation, type PersonBefore, phaseOf } from '../../domain/invitation';
import type { SendStep } from '../../domain/nextStep';
import type { Policy } from '../../domain/policy';
import { thingOf } from '../../domain/request';
import { type Instant, addMs, toMs } from '../../domain/time';
import type { DriveItem, Shared } from '../../graph/driveItem';
import type { GraphFault } from '../../graph/faults';
import type { Attempt, Guest, GuestState } from '../../graph/guest';
import type { Permission } from '../../graph/permission';
import type { StoredInvitation } from '../../tables/invitationEntity';
import type { Invitations } from '../../tables/invitations';
import type { InvitedUsers } from '../../tables/invitedUsers';
import type { Checked, KindVerbs, LookedUp, Removed, Resolved, SendAnswer } from './kindVerbs';
import { findPerson, isNamedByAnother, redeemedBy } from './person';

export interface DriveItemVerbsParts {
  driveItem: DriveItem;
  guest: Pick<Guest, 'findById' | 'findByAddress'>;
  invitations: Pick<Invitations, 'read' | 'idsOfPerson'>;
  invitedUsers: Pick<InvitedUsers, 'invitationsOf'>;
  /** Makes a guest invitation without mail for the share's recipient, or finds the open one, and gives its id. */
  inviteGuest: (stored: StoredInvitation) => Promise<string>;
  policy: Policy;
  now: () => Instant;
}

/** Kind `driveItem`: a permission on a file or folder, and the mail that tells of it. */
export function makeDriveItemVerbs(parts: DriveItemVerbsParts): KindVerbs {
  const { driveItem, now, policy } = parts;

  /** Shares, and reads the permission back: a 200 has been seen without one. */
  const share = async (
    invitation: Invitation,
    guest: GuestState | undefined,
    attempt: Attempt,
  ): Promise<SendAnswer> => {
    const request = requestOf(invitation);
    const shared = await driveItem.share(request, attempt);
    if (shared.type === 'unmailed') {
      return { type: 'unmailed', graph: recordOf(shared.permission, guest), fault: shared.fault };
    }
    if (shared.type !== 'shared') return notKnownYet(shared, invitation, guest);
    const read = await driveItem.readPermission(request.target, shared.permission.id);
    if (read.type === 'found' && !read.permission) return NOT_THERE;
    const permission = (read.type === 'found' ? read.permission : undefined) ?? shared.permission;
    return {
      type: 'sent',
      graph: recordOf(permission, guest),
      isRedeemed: isRedeemed(permission, guest),
      throttlePercentage: shared.throttlePercentage,
    };
  };

  /** SharePoint refuses a guest whom it does not know yet: within RESOLVE_AFTER that is a reason to wait. */
  const notKnownYet = (
    { status, ...fault }: Exclude<Shared, { type: 'shared' | 'unmailed' }>,
    { guestReadyAt }: Invitation,
    guest: GuestState | undefined,
  ): GraphFault => {
    const isFresh = [guestReadyAt, guest?.createdDateTime].some(
      (at) => at !== undefined && toMs(at) + policy.resolveAfterMs > toMs(now()),
    );
    return fault.type === 'refused' && isFresh && (status === 400 || status === 404)
      ? { type: 'later', fault: fault.fault, retryAfterMs: undefined }
      : fault;
  };

  const lookUp: KindVerbs['lookUp'] = async (stored, step): Promise<LookedUp> => {
    const { invitation } = stored;
    const seen = await findPerson(invitation, parts);
    if (seen.type !== 'found') return seen;
    const { guest } = seen;
    const send = (attempt: Attempt) => share(invitation, guest, attempt);
    if (step.cause !== 'first') {
      return (await settledBy(invitation, guest, step)) ?? { type: 'ready', send };
    }
    const stranger = guest ? undefined : await withoutGuest(stored);
    if (stranger) return stranger;
    const before = await permissionBefore(invitation, guest);
    return before.type === 'before' ? { ...before, type: 'ready', send } : before;
  };

  /** Why nobody is to be mailed again. Whoever took a permission away meant it: a reminder does not give it back. */
  const settledBy = async (
    invitation: Invitation,
    guest: GuestState | undefined,
    step: SendStep,
  ): Promise<LookedUp | undefined> => {
    const checked = await checkFound(invitation, guest);
    if (checked.type === 'redeemed') return { type: 'settled', outcome: checked };
    if (checked.type !== 'notRedeemed') return checked;
    const id = invitation.graph?.id;
    if (step.cause !== 'reminder' || id === undefined) return undefined;
    const read = await driveItem.readPermission(requestOf(invitation).target, id);
    if (read.type === 'refused' || (read.type === 'found' && read.permission)) return undefined;
    if (read.type !== 'found') return read;
    const reminderIndex = step.reminderIndex ?? invitation.remindersDone;
    return { type: 'settled', outcome: { type: 'reminderSkipped', reminderIndex, state: 'notFound' } };
  };

  /** What is there before a first send. `before` is absent where nothing tells whose a permission is. */
  const permissionBefore = async (invitation: Invitation, guest: GuestState | undefined): Promise<Before> => {
    const { target, recipients } = requestOf(invitation);
    const [recipient] = recipients;
    // Made by an earlier try whose mail failed: a list that lags may not show it yet.
    const ours = invitation.graph?.id;
    if (ours !== undefined) return { type: 'before', before: { known: true, permissionId: ours } };
    if (recipient.email === undefined && recipient.objectId === undefined) return { type: 'before' };
    const found = await driveItem.findPermission(target, recipient, guest?.userId);
    // Nothing tells; what is wrong with the item the share itself will say.
    if (found.type === 'refused' || found.type === 'notSearched') return { type: 'before' };
    if (found.type !== 'found') return found;
    const { permission, graphNow } = found;
    if (await isBeingRemoved(invitation, guest, permission !== undefined)) {
      return { type: 'later', fault: REMOVAL_DUE, retryAfterMs: undefined };
    }
    const before: PersonBefore = permission
      ? { known: true, permissionId: permission.id, ...(await madeByAnother(invitation, guest, permission.id)) }
      : { known: false };
    return { type: 'before', before, ...(graphNow === undefined ? {} : { graphNow }) };
  };

  /**
   * What another invitation made and takes back would pass for having been there all along, or for what this one makes:
   * until it is gone from the list too, which may lag behind.
   */
  const isBeingRemoved = async (
    invitation: Invitation,
    guest: GuestState | undefined,
    isListed: boolean,
  ): Promise<boolean> =>
    isNamedByAnother(invitation, await others(invitation, guest), parts.invitations, (other) => {
      const { removal } = other;
      const isFresh = removal?.status === 'removed' && addMs(removal.at, policy.resolveAfterMs) > now();
      return isSameThing(other, invitation) && (removal?.status === 'due' || (isListed && isFresh));
    });

  /** The same user may have been named by id in another request: another person to us, the same to SharePoint. */
  const others = async (invitation: Invitation, guest?: GuestState): Promise<string[]> => {
    const userId = guest?.userId ?? invitation.graph?.invitedUser?.id;
    const byUser = userId === undefined ? [] : await parts.invitedUsers.invitationsOf(userId);
    return [...byUser, ...(await parts.invitations.idsOfPerson(invitation))];
  };

  /** A permission that an earlier invitation made is ours to take back, whichever of them is the last to need it. */
  const madeByAnother = async (
    invitation: Invitation,
    guest: GuestState | undefined,
    permissionId: string,
  ): Promise<{ isOurs?: true }> => {
    const ids = await others(invitation, guest);
    const isOurs = await isNamedByAnother(invitation, ids, parts.invitations, (other) => {
      const { graph, madePermission, removal } = other;
      const isThere = graph?.id === permissionId && removal?.status !== 'removed';
      return madePermission === true && isThere && isSameThing(other, invitation);
    });
    return isOurs ? { isOurs } : {};
  };

  /** App-only permission can’t share with somebody who is not in the directory: a guest invitation goes first. */
  const withoutGuest = async (stored: StoredInvitation): Promise<LookedUp | undefined> => {
    const { guestReadyAt } = stored.invitation;
    const [{ email, objectId }] = requestOf(stored.invitation).recipients;
    // Of an id that is nobody's Graph is asked as it stands: it goes before the address there.
    if (!policy.inviteGuestsFirst || email === undefined || objectId !== undefined) return undefined;
    if (guestReadyAt === undefined) {
      const invitationId = await parts.inviteGuest(stored);
      return { type: 'settled', outcome: { type: 'waitsForGuest', invitationId } };
    }
    return addMs(guestReadyAt, policy.resolveAfterMs) > now()
      ? { type: 'later', fault: NOT_SHOWN_YET, retryAfterMs: undefined }
      : { type: 'settled', outcome: { type: 'guestMissing', fault: GUEST_GONE } };
  };

  const checkFound = async (invitation: Invitation, guest: GuestState | undefined): Promise<Checked> => {
    const user = guest ? { userId: guest.userId } : {};
    if (guest?.externalUserState === 'PendingAcceptance') {
      return { type: 'notRedeemed', state: guest.externalUserState, ...user };
    }
    const id = invitation.graph?.id;
    // Somebody who has accepted once redeems nothing by a share of which nobody knows whether it was made.
    if (id === undefined && invitation.sends.length === 0) return { type: 'notRedeemed', state: null, ...user };
    if (guest?.externalUserState === 'Accepted') return redeemedBy(guest);
    if (id === undefined) return { type: 'notRedeemed', state: null, ...user };
    const read = await driveItem.readPermission(requestOf(invitation).target, id);
    // What Graph refuses to show is no reason never to expire.
    if (read.type === 'refused') return { type: 'notRedeemed', state: null, ...user };
    if (read.type !== 'found') return read;
    if (!read.permission) return { type: 'notRedeemed', state: 'notFound', ...user };
    return isRedeemed(read.permission, guest)
      ? { type: 'redeemed', graph: read.permission.record, ...user }
      : { type: 'notRedeemed', state: null, ...user };
  };

  const check = async (invitation: Invitation): Promise<Checked> => {
    const seen = await findPerson(invitation, parts);
    return seen.type === 'found' ? checkFound(invitation, seen.guest) : seen;
  };

  const resolve = async (invitation: Invitation): Promise<Resolved> => {
    const seen = await findPerson(invitation, parts);
    if (seen.type !== 'found') return seen;
    const { target, recipients } = requestOf(invitation);
    const found = await driveItem.findPermission(target, recipients[0], seen.guest?.userId);
    // The item may be gone by now, and would be refused for ever.
    if (found.type === 'refused' || found.type === 'notSearched') return UNCLEAR;
    if (found.type !== 'found') return found;
    if (!found.permission) return { type: 'verdict', verdict: { found: 'notSent' } };
    const graph = recordOf(found.permission, seen.guest);
    return { type: 'verdict', verdict: { found: 'sent', graph, isRedeemed: isRedeemed(found.permission, seen.guest) } };
  };

  const remove: KindVerbs['remove'] = async (invitation, attempt): Promise<Removed> => {
    const id = invitation.graph?.id;
    if (id === undefined) return { type: 'kept', reason: 'no permission is known' };
    const isNeeded = await isNamedByAnother(invitation, await others(invitation), parts.invitations, (other) =>
      needsToo(other, invitation),
    );
    return isNeeded
      ? { type: 'kept', reason: 'another invitation needs this permission' }
      : driveItem.deletePermission(requestOf(invitation).target, id, attempt);
  };

  return { lookUp, check, resolve, remove };
}

/** Ids of permissions are an item's own: SharePoint gives a person the same one on other items. */
const isSameThing = (one: Invitation, other: Invitation): boolean => thingOf(one.request) === thingOf(other.request);

const needsToo = (other: Invitation, invitation: Invitation): boolean =>
  (phaseOf(other.status) !== 'closed' || other.status === 'accepted') &&
  other.graph?.id === invitation.graph?.id &&
  isSameThing(other, invitation);

const UNCLEAR: Resolved = { type: 'verdict', verdict: { found: 'unclear' } };

const NOT_THERE: GraphFault = {
  type: 'unknown',
  fault: { code: 'permissionNotThere', message: 'Microsoft Graph answered 200, but the permission is not there.' },
};

type Before = (Omit<Extract<LookedUp, { type: 'ready' }>, 'type' | 'send'> & { type: 'before' }) | GraphFault;

const REMOVAL_DUE = {
  code: 'removalDue',
  message: 'The permission that is there belongs to an invitation that was revoked, and is being deleted.',
};

const NOT_SHOWN_YET = { code: 'notShownYet', message: 'Microsoft Graph does not show the guest yet.' };

const GUEST_GONE = { code: 'guestMissing', message: 'The guest was invited and is not in the directory any more.' };

function requestOf({ request }: Invitation): DriveItemRequest {
  if (request.kind !== 'driveItem') throw new TypeError(`A ${request.kind} invitation names no driveItem.`);
  return request;
}

const recordOf = ({ record }: Permission, guest: GuestState | undefined): GraphRecord =>
  guest ? { ...record, invitedUser: { id: guest.userId } } : record;

/** A pending guest has still to redeem, whatever the permission says; of others it tells whether they use it. */
const isRedeemed = ({ isUsed }: Permission, guest: GuestState | undefined): boolean =>
  guest ? guest.externalUserState !== 'PendingAcceptance' : isUsed;

import type { Invitation, SendIntent } from '../../domain/invitation';
import type { SendStep } from '../../domain/nextStep';
import type { FreeOutcome } from '../../domain/outcome';
import type { Policy } from '../../domain/policy';
import { isReset } from '../../domain/request';
import type { GuestRequest } from '../../domain/guestRequest';
import { type Instant, addMs, toMs } from '../../domain/time';
import { type Guest, type GuestState, personBefore } from '../../graph/guest';
import type { Invitations } from '../../tables/invitations';
import type { InvitedUsers } from '../../tables/invitedUsers';
import type { Checked, KindVerbs, LookedUp, Removed, Resolved } from './kindVerbs';
import { findPerson, isNamedByAnother, redeemedBy } from './person';

export interface GuestVerbsParts {
  guest: Guest;
  invitations: Pick<Invitations, 'read' | 'idsOfPerson'>;
  invitedUsers: Pick<InvitedUsers, 'invitationsOf'>;
  policy: Policy;
  now: () => Instant;
}

/** Kind `guest`: a mail with a redeem URL, and the directory user who redeems it. */
export function makeGuestVerbs(parts: GuestVerbsParts): KindVerbs {
  const { guest: graph } = parts;

  const lookUp: KindVerbs['lookUp'] = async ({ invitation }, step): Promise<LookedUp> => {
    const seen = await findPerson(invitation, parts);
    if (seen.type !== 'found') return seen;
    const outcome = settledBy(invitation, step, seen.guest);
    if (outcome) return { type: 'settled', outcome };
    const isFirst = step.cause === 'first';
    return {
      type: 'ready',
      ...(isFirst ? { before: personBefore(seen.guest) } : {}),
      ...(isFirst && seen.graphNow !== undefined ? { graphNow: seen.graphNow } : {}),
      send: (attempt) => graph.send(requestOf(invitation), isFirst, attempt),
    };
  };

  const check = async (invitation: Invitation): Promise<Checked> => {
    const seen = await findPerson(invitation, parts);
    if (seen.type !== 'found') return seen;
    const { guest } = seen;
    if (guest?.externalUserState === 'Accepted') return redeemedBy(guest);
    return {
      type: 'notRedeemed',
      state: guest ? guest.externalUserState : 'notFound',
      ...(guest ? { userId: guest.userId } : {}),
    };
  };

  const resolve = async (invitation: Invitation, intent: SendIntent): Promise<Resolved> => {
    const seen = await graph.findByAddress(requestOf(invitation).invitedUserEmailAddress);
    return seen.type === 'found' ? { type: 'verdict', verdict: verdictOf(intent, seen.guest) } : seen;
  };

  const remove: KindVerbs['remove'] = async (invitation, attempt): Promise<Removed> => {
    const seen = await findPerson(invitation, parts);
    // A look-up that failed in whatever way has removed nothing, so it is no try.
    if (seen.type === 'unknown') return { type: 'later', fault: seen.fault, retryAfterMs: undefined };
    if (seen.type !== 'found') return seen;
    const { guest } = seen;
    if (!guest) {
      const until = shownAt(invitation, parts.policy);
      return until !== undefined && until > parts.now() ? { type: 'notYet', fault: NOT_SHOWN_YET, until } : GONE;
    }
    const reason = await whyKept(invitation, guest, parts);
    return reason === undefined ? graph.remove(guest.userId, attempt) : { type: 'kept', reason };
  };

  return { lookUp, check, resolve, remove };
}

const GONE: Removed = { type: 'removed' };

/** Reads lag behind writes: a guest who is not shown right after our mail may well be there. */
const NOT_SHOWN_YET = { code: 'notShownYet', message: 'Microsoft Graph does not show the guest yet.' };

function requestOf({ request }: Invitation): GuestRequest {
  if (request.kind !== 'guest') throw new TypeError(`A ${request.kind} invitation is no guest invitation.`);
  return request;
}

/** What the look-up alone tells, without any mail. */
function settledBy(invitation: Invitation, step: SendStep, guest: GuestState | undefined): FreeOutcome | undefined {
  const isResetting = isReset(invitation.request) && step.cause === 'first';
  if (guest?.externalUserState === 'Accepted' && guest.userType === 'Guest' && !isResetting) return redeemedBy(guest);
  if (step.cause !== 'reminder' || guest?.externalUserState === 'PendingAcceptance') return undefined;
  const state = guest ? guest.externalUserState : 'notFound';
  return { type: 'reminderSkipped', reminderIndex: step.reminderIndex ?? invitation.remindersDone, state };
}

function verdictOf(intent: SendIntent, guest: GuestState | undefined): (Resolved & { type: 'verdict' })['verdict'] {
  if (!guest) return { found: 'notSent' };
  const { userId, externalUserState } = guest;
  if (!isCreatedSince(guest, intent.graphNow ?? intent.startedAt)) return { found: 'unclear', userId };
  const isRedeemed = externalUserState === 'Accepted';
  const graph = { invitedUser: { id: userId }, ...(isRedeemed ? { externalUserState } : {}) };
  return { found: 'sent', graph, isRedeemed };
}

/** How far Graph's createdDateTime may lie before the look-up's Date header and still be after it. */
const CLOCK_SLACK_MS = 5_000;

const isCreatedSince = (guest: GuestState, since: string): boolean =>
  guest.createdDateTime !== undefined && toMs(guest.createdDateTime) >= toMs(since) - CLOCK_SLACK_MS;

/** From when on a guest whom we invited must be shown. */
const shownAt = ({ sends }: Invitation, policy: Policy): Instant | undefined => {
  const last = sends.at(-1);
  return last && addMs(last.at, policy.resolveAfterMs);
};

async function whyKept(
  invitation: Invitation,
  guest: GuestState,
  { invitations, invitedUsers }: GuestVerbsParts,
): Promise<string | undefined> {
  if (guest.externalUserState !== 'PendingAcceptance') {
    return `Graph says ${guest.externalUserState ?? 'unknown'}, not PendingAcceptance`;
  }
  if (invitation.guestCreatedAfter === undefined || !isCreatedSince(guest, invitation.guestCreatedAfter)) {
    return 'the guest was there before this invitation';
  }
  const byUser = await invitedUsers.invitationsOf(guest.userId);
  const byPerson = await invitations.idsOfPerson(invitation);
  return (await isNamedByAnother(invitation, [...byUser, ...byPerson], invitations))
    ? 'another open invitation names this guest'
    : undefined;
}

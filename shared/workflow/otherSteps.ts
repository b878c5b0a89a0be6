import { randomUUID } from 'node:crypto';
import type { Intent, Invitation, SendIntent } from '../domain/invitation';
import { phaseOf } from '../domain/invitation';
import type { IntentOutcome, Outcome } from '../domain/outcome';
import { type Instant, addMs, toMs } from '../domain/time';
import type { GuestState } from '../graph/guest';
import type { StoredInvitation } from '../tables/invitationEntity';
import { type AdvanceParts, beginIntent } from './intent';
import { type StepDone, findPerson, postponedBy, redeemedBy, retryAt } from './sendStep';

/** How far Graph's createdDateTime may lie before the look-up's Date header and still be after it. */
const CLOCK_SLACK_MS = 5_000;

/** Reads the person's state: redeemed or not. */
export async function checkStep(stored: StoredInvitation, parts: AdvanceParts): Promise<StepDone> {
  const beganAt = parts.now();
  const seen = await findPerson(stored.invitation, parts);
  if (seen.type !== 'found') return { stored, outcome: await postponedBy(seen, stored.invitation, parts, beganAt) };
  const { guest } = seen;
  if (guest?.externalUserState === 'Accepted') return { stored, outcome: redeemedBy(guest) };
  const outcome: Outcome = {
    type: 'notRedeemed',
    state: guest ? guest.externalUserState : 'notFound',
    ...(guest ? { userId: guest.userId } : {}),
  };
  return { stored, outcome };
}

/** Expires, unless the person has redeemed in the meantime. */
export async function expireStep(stored: StoredInvitation, parts: AdvanceParts): Promise<StepDone> {
  const checked = await checkStep(stored, parts);
  return checked.outcome?.type === 'notRedeemed' ? { stored, outcome: { type: 'expired' } } : checked;
}

/** Finds out what became of an intent whose worker died or whose answer was lost, by looking at Graph. */
export async function resolveStep(stored: StoredInvitation, intent: Intent, parts: AdvanceParts): Promise<StepDone> {
  const { invitation } = stored;
  const { attemptId } = intent;
  if (intent.purpose === 'removeGuest') {
    const fault = { code: 'removalInterrupted', message: 'The removal was interrupted.' };
    return { stored, outcome: { type: 'removalFailed', attemptId, fault, retryAt: parts.now(), waited: false } };
  }
  if (intent.cause !== 'first') {
    return { stored, outcome: { type: 'resolved', attemptId, verdict: { found: 'notSent' } } };
  }
  if (intent.before?.known !== false) {
    const userId = intent.before?.userId;
    const verdict = { found: 'unclear' as const, ...(userId === undefined ? {} : { userId }) };
    return { stored, outcome: { type: 'resolved', attemptId, verdict } };
  }
  const beganAt = parts.now();
  const seen = await parts.guest.findByAddress(invitation.request.invitedUserEmailAddress);
  if (seen.type !== 'found') return { stored, outcome: await postponedBy(seen, invitation, parts, beganAt) };
  return { stored, outcome: { type: 'resolved', attemptId, verdict: verdictOf(intent, seen.guest) } };
}

function verdictOf(
  intent: SendIntent,
  guest: GuestState | undefined,
): (IntentOutcome & { type: 'resolved' })['verdict'] {
  if (!guest) return { found: 'notSent' };
  const { userId, externalUserState } = guest;
  return isCreatedSince(guest, intent.graphNow ?? intent.startedAt)
    ? { found: 'sent', userId, externalUserState }
    : { found: 'unclear', userId };
}

const isCreatedSince = (guest: GuestState, since: string): boolean =>
  guest.createdDateTime !== undefined && toMs(guest.createdDateTime) >= toMs(since) - CLOCK_SLACK_MS;

/**
 * Removes the guest of a revoked or expired invitation, under the person's lock: only one that is known to be ours, is
 * still pending when read right before, and is named by no other invitation that still counts.
 */
export async function removeGuestStep(stored: StoredInvitation, parts: AdvanceParts): Promise<StepDone> {
  const attemptId = randomUUID();
  const begun = await beginIntent(stored, { purpose: 'removeGuest', attemptId }, { type: 'removeGuest' }, parts);
  if (begun.type === 'notBegun') return { stored: begun.stored, outcome: begun.outcome };
  const { invitation } = begun.stored;
  const done = (outcome: Outcome): StepDone => ({ stored: begun.stored, outcome });
  const beganAt = parts.now();
  const seen = await findPerson(invitation, parts);
  if (seen.type !== 'found') {
    return done({
      type: 'removalFailed',
      attemptId,
      fault: seen.fault,
      retryAt: await retryAt(seen, invitation, parts, beganAt),
      waited: true,
    });
  }
  const { guest } = seen;
  const shownFrom = guest ? undefined : shownAt(invitation, parts);
  if (shownFrom !== undefined && shownFrom > parts.now()) {
    return done({ type: 'removalFailed', attemptId, fault: NOT_SHOWN_YET, retryAt: shownFrom, waited: true });
  }
  if (!guest) return done({ type: 'guestRemoved', attemptId });
  const reason = await whyKept(invitation, guest, parts);
  if (reason !== undefined) return done({ type: 'guestKept', attemptId, reason });
  const removed = await parts.guest.remove(guest.userId, { attemptId, mayStillCall: begun.mayStillCall });
  if (removed.type === 'removed') return done({ type: 'guestRemoved', attemptId });
  if (removed.type === 'refused')
    return done({ type: 'guestKept', attemptId, reason: `Graph refused: ${removed.fault.code}` });
  const at = await retryAt(removed, invitation, parts, beganAt);
  return done({
    type: 'removalFailed',
    attemptId,
    fault: removed.fault,
    retryAt: at,
    waited: removed.type !== 'unknown',
  });
}

/** Reads lag behind writes: a guest who is not shown right after our mail may well be there. */
const NOT_SHOWN_YET = { code: 'notShownYet', message: 'Microsoft Graph does not show the guest yet.' };

/** From when on a guest whom we invited must be shown. */
const shownAt = ({ sends }: Invitation, { policy }: AdvanceParts): Instant | undefined => {
  const last = sends.at(-1);
  return last && addMs(last.at, policy.resolveAfterMs);
};

async function whyKept(invitation: Invitation, guest: GuestState, parts: AdvanceParts): Promise<string | undefined> {
  if (guest.externalUserState !== 'PendingAcceptance') {
    return `Graph says ${guest.externalUserState ?? 'unknown'}, not PendingAcceptance`;
  }
  if (invitation.guestCreatedAfter === undefined || !isCreatedSince(guest, invitation.guestCreatedAfter)) {
    return 'the guest was there before this invitation';
  }
  const byUser = await parts.invitedUsers.invitationsOf(guest.userId);
  const byPerson = await parts.invitations.idsOfPerson(invitation);
  for (const id of new Set([...byUser, ...byPerson])) {
    const other = id === invitation.id ? undefined : await parts.invitations.read(id);
    if (other && phaseOf(other.invitation.status) !== 'closed') return 'another open invitation names this guest';
  }
  return undefined;
}

/** The date has come: takes a place in the gate's line. */
export async function enqueueStep(stored: StoredInvitation, parts: AdvanceParts): Promise<StepDone> {
  return { stored, outcome: { type: 'enqueued', sendAt: await parts.gate.estimate() } };
}

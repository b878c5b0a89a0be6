import { randomUUID } from 'node:crypto';
import type { Intent } from '../domain/invitation';
import type { Outcome } from '../domain/outcome';
import { limitOf } from '../domain/request';
import type { StoredInvitation } from '../tables/invitationEntity';
import { type AdvanceParts, beginIntent } from './intent';
import { type StepDone, postponedBy, retryAt } from './sendStep';

/** Reads the person's state: redeemed or not. */
export async function checkStep(stored: StoredInvitation, parts: AdvanceParts): Promise<StepDone> {
  const { invitation } = stored;
  const checked = await parts.kinds[invitation.kind].check(invitation);
  const isKnown = checked.type === 'redeemed' || checked.type === 'notRedeemed';
  return { stored, outcome: isKnown ? checked : await postponedBy(checked, invitation, parts) };
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
    const userId = intent.before && 'userId' in intent.before ? intent.before.userId : undefined;
    const verdict = { found: 'unclear' as const, ...(userId === undefined ? {} : { userId }) };
    return { stored, outcome: { type: 'resolved', attemptId, verdict } };
  }
  const resolved = await parts.kinds[invitation.kind].resolve(invitation, intent);
  if (resolved.type !== 'verdict') return { stored, outcome: await postponedBy(resolved, invitation, parts) };
  return { stored, outcome: { type: 'resolved', attemptId, verdict: resolved.verdict } };
}

/** Takes back what a revoked or expired invitation made, under the person's lock. */
export async function removeStep(stored: StoredInvitation, parts: AdvanceParts): Promise<StepDone> {
  const attemptId = randomUUID();
  const begun = await beginIntent(stored, { purpose: 'removeGuest', attemptId }, { type: 'removeGuest' }, parts);
  if (begun.type === 'notBegun') return { stored: begun.stored, outcome: begun.outcome };
  const { invitation } = begun.stored;
  const done = (outcome: Outcome): StepDone => ({ stored: begun.stored, outcome });
  const { mayStillCall } = begun;
  const removed = await parts.kinds[invitation.kind].remove(invitation, { attemptId, mayStillCall });
  switch (removed.type) {
    case 'removed':
      return done({ type: 'guestRemoved', attemptId });
    case 'kept':
      return done({ type: 'guestKept', attemptId, reason: removed.reason });
    case 'notYet': {
      const { fault, until } = removed;
      return done({ type: 'removalFailed', attemptId, fault, retryAt: until, waited: true });
    }
    case 'refused':
      return done({ type: 'guestKept', attemptId, reason: `Graph refused: ${removed.fault.code}` });
    default: {
      const at = await retryAt(removed, invitation, parts);
      const waited = removed.type !== 'unknown';
      return done({ type: 'removalFailed', attemptId, fault: removed.fault, retryAt: at, waited });
    }
  }
}

/** The date has come: takes a place in the gate's line. */
export async function enqueueStep(stored: StoredInvitation, { gates }: AdvanceParts): Promise<StepDone> {
  return { stored, outcome: { type: 'enqueued', sendAt: await gates[limitOf(stored.invitation.request)].estimate() } };
}

import { placeIntent } from '../../../shared/domain/applyOutcome';
import type { Fault, Invitation, SendIntent } from '../../../shared/domain/invitation';
import { type SendStep, type Step, nextStep } from '../../../shared/domain/nextStep';
import type { Outcome } from '../../../shared/domain/outcome';
import { isReset } from '../../../shared/domain/request';
import { addMs } from '../../../shared/domain/time';
import type { Event } from '../../../shared/domain/transition';
import type { StoredInvitation } from '../../../shared/tables/invitationEntity';
import { aQueuedInvitation } from '../../support/invitations';
import { type World, applied, commit, happen, mail, read } from './world';

export const PERSON = aQueuedInvitation().person;

const CALL_TIMEOUT_MS = 30_000;

/** A worker gets a hint: it does what is due, up to the intent where that is a mail. */
export function deliver(world: World, id: string): void {
  const stored = read(world, id);
  if (!stored) return;
  const step = nextStep(stored.invitation, world.now, world.policy);
  if (step.type === 'send') {
    beginSend(world, stored, step);
    return;
  }
  const outcome = outcomeOf(world, stored, step);
  if (!outcome) return;
  const change = applied(world, stored, outcome);
  const event = EVENT_OF[outcome.type] ?? resolution(world, stored.invitation, outcome);
  if (event) happen(world, stored, event, change);
  else if (change) commit(world, stored, change);
}

const EVENT_OF: Partial<Record<Outcome['type'], Event>> = {
  enqueued: 'enqueue',
  redeemed: 'redeemed',
  expired: 'expire',
};

/** Which event it is that an unknown answer was looked into; a send that is tried again is none. */
function resolution({ policy }: World, { intent, resolvedTries }: Invitation, outcome: Outcome): Event | undefined {
  if (outcome.type !== 'resolved' || intent?.purpose !== 'send') return undefined;
  if (intent.cause !== 'first' || outcome.verdict.found === 'sent') return 'sent';
  if (outcome.verdict.found === 'unclear' || policy.ambiguousSends === 'strict') return 'unclear';
  return resolvedTries + 1 === policy.maxSendAttempts ? 'refused' : undefined;
}

/** What the directory shows now. */
const seen = ({ guest, now }: World) => (guest && guest.visibleFrom <= now ? guest : undefined);

function beginSend(world: World, stored: StoredInvitation, step: SendStep): void {
  const guest = seen(world);
  const isResetting = isReset(stored.invitation.request) && step.cause === 'first';
  if (guest?.state === 'Accepted' && !isResetting) {
    happen(world, stored, 'redeemed', applied(world, stored, { type: 'redeemed', userId: 'user-1' }));
    return;
  }
  const intent: SendIntent = {
    purpose: 'send',
    attemptId: `attempt-${world.made}`,
    number: step.number,
    cause: step.cause,
    ...(step.reminderIndex === undefined ? {} : { reminderIndex: step.reminderIndex }),
    startedAt: world.now,
    leaseEndsAt: addMs(world.now, world.policy.sendLeaseMs),
    ...(step.cause === 'first' ? { graphNow: world.now, before: before(guest?.state) } : {}),
  };
  const change = placeIntent(stored.invitation, intent);
  if (change && commit(world, stored, change)) world.inFlight.push({ id: stored.invitation.id, intent });
}

const before = (state: string | undefined): SendIntent['before'] & object =>
  state === undefined ? { known: false } : { known: true, userId: 'user-1', externalUserState: state };

/** What the directory tells of a step that mails nothing. Undefined for none. */
function outcomeOf(world: World, { invitation }: StoredInvitation, step: Exclude<Step, SendStep>): Outcome | undefined {
  const guest = seen(world);
  switch (step.type) {
    case 'none':
      return undefined;
    case 'enqueue':
      return { type: 'enqueued', sendAt: world.now };
    case 'checkRedemption':
    case 'expire': {
      if (guest?.state === 'Accepted') return { type: 'redeemed', userId: 'user-1' };
      return step.type === 'expire' ? { type: 'expired' } : { type: 'notRedeemed', state: guest?.state ?? 'notFound' };
    }
    case 'resolve':
      return { type: 'resolved', attemptId: step.intent.attemptId, verdict: verdict(world, invitation.intent) };
    // What follows the last mail, such as removing the guest, is not looked into here: Graph is away for it.
    default:
      return { type: 'postponed', until: addMs(world.now, 86_400_000), reason: 'gate', waited: true };
  }
}

function verdict(world: World, intent: StoredInvitation['invitation']['intent']) {
  const guest = seen(world);
  if (intent?.purpose !== 'send' || intent.before?.known !== false) return { found: 'unclear' as const };
  if (!guest) return { found: 'notSent' as const };
  return guest.createdAt >= intent.startedAt
    ? { found: 'sent' as const, graph: { invitedUser: { id: 'user-1' } }, isRedeemed: guest.state === 'Accepted' }
    : { found: 'unclear' as const, userId: 'user-1' };
}

export type Answer = 'sent' | 'lostAfterwards' | 'lostBefore' | 'throttled' | 'refused';

/** The worker checks its lease and calls; Graph does what `how` says, and the outcome is written. */
export function answer(world: World, { id, intent }: World['inFlight'][number], how: Answer, fault: Fault): void {
  const mayStillCall = world.now < addMs(intent.leaseEndsAt, -CALL_TIMEOUT_MS);
  if (mayStillCall && (how === 'sent' || how === 'lostAfterwards')) mail(world, id, intent);
  const stored = read(world, id);
  if (!stored) throw new Error('An invitation is gone.');
  const outcome = heard(mayStillCall ? how : 'throttled', intent.attemptId, addMs(world.now, 5_000), fault);
  const change = applied(world, stored, outcome);
  const event = outcome.type === 'sent' ? 'sent' : outcome.type === 'refused' ? 'refused' : undefined;
  // A refused reminder is no more than that reminder.
  if (event === 'sent' || (event && intent.cause === 'first')) happen(world, stored, event, change);
  else if (change) commit(world, stored, change);
}

function heard(how: Answer, attemptId: string, retryAt: string, fault: Fault): Outcome {
  switch (how) {
    case 'sent':
      return { type: 'sent', attemptId, graph: { id: 'graph-1', invitedUser: { id: 'user-1' } } };
    case 'refused':
      return { type: 'refused', attemptId, fault };
    case 'throttled':
      return { type: 'notSent', attemptId, fault, retryAt };
    case 'lostAfterwards':
    case 'lostBefore':
      return { type: 'unknown', attemptId, fault };
  }
}

import { placeIntent } from '../../../shared/domain/applyOutcome';
import { backOffMs } from '../../../shared/domain/backOff';
import type { Fault, Invitation, SendIntent } from '../../../shared/domain/invitation';
import { type SendStep, nextStep } from '../../../shared/domain/nextStep';
import type { Outcome } from '../../../shared/domain/outcome';
import { addMs } from '../../../shared/domain/time';
import type { Event } from '../../../shared/domain/transition';
import type { StoredInvitation } from '../../../shared/tables/invitationEntity';
import { lookedUp } from './lookUps';
import { otherStep, removeShare, revokeReplaced } from './otherSteps';
import { type World, applied, ask, commit, happen, read } from './world';

const CALL_TIMEOUT_MS = 30_000;

/** A worker gets a hint: it does what is due, up to the intent where that is a mail. */
export function deliver(world: World, id: string): void {
  const stored = read(world, id);
  if (!stored) return;
  const step = nextStep(stored.invitation, world.now, world.policy);
  switch (step.type) {
    case 'none':
      return;
    case 'send':
      beginSend(world, stored, step);
      return;
    case 'revokeReplaced':
      told(world, stored, revokeReplaced(world, stored, step.replacedId));
      return;
    case 'removeGuest':
      removeShare(world, stored);
      return;
    default:
      told(world, stored, otherStep(world, stored, step));
  }
}

/** Writes an outcome down, as the event that it is. */
function told(world: World, stored: StoredInvitation, outcome: Outcome): void {
  const change = applied(world, stored, outcome);
  const event = EVENT_OF[outcome.type] ?? resolution(world, stored.invitation, outcome);
  if (event) happen(world, stored, event, change);
  else if (change) commit(world, stored, change);
}

const EVENT_OF: Partial<Record<Outcome['type'], Event>> = {
  enqueued: 'enqueue',
  waitsForGuest: 'putOff',
  guestMissing: 'refused',
  redeemed: 'redeemed',
  expired: 'expire',
  approvalExpired: 'reject',
};

/** Which event it is that an unknown answer was looked into; a send that is tried again is none. */
function resolution({ policy }: World, invitation: Invitation, outcome: Outcome): Event | undefined {
  const { intent, resolvedTries, request } = invitation;
  if (outcome.type !== 'resolved' || intent?.purpose !== 'send') return undefined;
  const { found } = outcome.verdict;
  if (intent.cause !== 'first' || found === 'sent') return 'sent';
  if (found === 'shared') return 'unclear';
  const isLast = resolvedTries + 1 === policy.maxSendAttempts;
  // What mails nothing is simply tried again.
  const isUnmailed = request.kind === 'guest' && !request.sendInvitationMessage;
  if (found === 'unclear') return isUnmailed && !isLast ? undefined : 'unclear';
  if (policy.ambiguousSends === 'strict' && !isUnmailed) return 'unclear';
  return isLast ? 'refused' : undefined;
}

function beginSend(world: World, stored: StoredInvitation, step: SendStep): void {
  const seen = lookedUp(world, stored, step);
  if (seen.type !== 'ready') {
    told(world, stored, seen);
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
    ...(step.cause === 'first' ? { graphNow: world.now } : {}),
    ...(seen.before ? { before: seen.before } : {}),
  };
  const change = placeIntent(stored.invitation, intent);
  if (change && commit(world, stored, change)) world.inFlight.push({ id: stored.invitation.id, intent });
}

/** `unmailed`: the item is shared and the mail failed; `lostUnmailed`: the same, and nobody is told. */
export type Answer = 'sent' | 'unmailed' | 'lostAfterwards' | 'lostUnmailed' | 'lostBefore' | 'throttled' | 'refused';

const MAILS: ReadonlySet<Answer> = new Set(['sent', 'lostAfterwards']);
const SHARES: ReadonlySet<Answer> = new Set(['unmailed', 'lostUnmailed']);

/** The worker checks its lease and calls; Graph does what `how` says, and the outcome is written. */
export function answer(world: World, { id, intent }: World['inFlight'][number], how: Answer, fault: Fault): void {
  const mayStillCall = world.now < addMs(intent.leaseEndsAt, -CALL_TIMEOUT_MS);
  const stored = read(world, id);
  if (!stored) throw new Error('An invitation is gone.');
  const possible = stored.invitation.kind === 'driveItem' || !SHARES.has(how) ? how : 'throttled';
  const done = mayStillCall ? possible : 'throttled';
  if (MAILS.has(done) || SHARES.has(done)) ask(world, id, intent, MAILS.has(done));
  const outcome = heard(world, stored.invitation, done, intent.attemptId, fault);
  const change = applied(world, stored, outcome);
  const event = eventOf(outcome, intent, stored.invitation, world);
  if (event) happen(world, stored, event, change);
  else if (change) commit(world, stored, change);
}

/** A refused reminder is no more than that reminder, and a share without its mail is tried again twice. */
function eventOf(
  { type }: Outcome,
  { cause }: SendIntent,
  { unmailedTries = 0, graph, kind }: Invitation,
  { policy }: World,
): Event | undefined {
  if (type === 'sent') return 'sent';
  if (cause !== 'first') return undefined;
  if (type === 'refused') return kind === 'driveItem' && graph?.id !== undefined ? 'unclear' : 'refused';
  return type === 'unmailed' && unmailedTries + 1 === policy.maxSendAttempts ? 'unclear' : undefined;
}

function heard(world: World, invitation: Invitation, how: Answer, attemptId: string, fault: Fault): Outcome {
  const graph = { id: GRAPH_ID[invitation.kind], invitedUser: { id: 'user-1' } };
  const retryAt = addMs(world.now, backOffMs(0));
  switch (how) {
    case 'sent': {
      const isRedeemed = invitation.kind === 'driveItem' && world.guest?.state === 'Accepted';
      return { type: 'sent', attemptId, graph, ...(isRedeemed ? { isRedeemed } : {}) };
    }
    case 'unmailed':
      return { type: 'unmailed', attemptId, graph, fault, retryAt };
    case 'refused':
      return { type: 'refused', attemptId, fault };
    case 'throttled':
      return { type: 'notSent', attemptId, fault, retryAt };
    case 'lostAfterwards':
    case 'lostUnmailed':
    case 'lostBefore':
      return { type: 'unknown', attemptId, fault };
  }
}

const GRAPH_ID = { guest: 'graph-1', driveItem: 'permission-1', linkedIn: 'linkedIn-1' } as const;

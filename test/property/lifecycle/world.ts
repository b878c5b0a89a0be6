import { applyOutcome } from '../../../shared/domain/applyOutcome';
import type { Change } from '../../../shared/domain/history';
import type { Invitation, SendIntent, Status } from '../../../shared/domain/invitation';
import type { WakeUp } from '../../../shared/domain/nextStep';
import type { Outcome } from '../../../shared/domain/outcome';
import type { Policy } from '../../../shared/domain/policy';
import { type Instant, addMs } from '../../../shared/domain/time';
import { type Event, transition } from '../../../shared/domain/transition';
import { type StoredInvitation } from '../../../shared/tables/invitationEntity';
import { transactionOf } from '../../../shared/tables/transactionOf';
import { REQUESTED_AT, aPendingInvitation, aPolicy, aRequest, aSend } from '../../support/invitations';
import { invitationsIn, tableFault } from '../model/invariants';
import { type Rows, write } from '../model/table';
import type { Tally } from './tally';

/** One person's invitations, the queue, Graph and a clock that commands move. */
export interface World {
  policy: Policy;
  now: Instant;
  rows: Rows;
  /** Ids of invitations that hints are under way for: doubled, lost and overtaken as commands like. */
  hints: string[];
  /** Workers between their intent and its outcome. */
  inFlight: { id: string; intent: SendIntent }[];
  guest: { createdAt: Instant; visibleFrom: Instant; state: 'PendingAcceptance' | 'Accepted' } | undefined;
  /** How long the directory hides a new guest: always less than RESOLVE_AFTER. */
  lagMs: number;
  /** Mails that Graph sent, by what they were for. */
  mails: Map<string, number>;
  /** How often a person had an invitation tried again or reset: its first mail may then go out once more. */
  decidedAgain: Map<string, number>;
  made: number;
  tally: Tally;
}

export interface Begin {
  ambiguousSends: Policy['ambiguousSends'];
  ends: 'keep' | 'removeGuest';
  lagMs: number;
  /** Begin with an invitation that has mailed so often, and whose history is nearly full; 0 to begin with none. */
  mailed: number;
}

export const WORN_ID = '019cadc6-9a80-7abc-8def-0123456789ff';

/** Short, so that a sequence of commands sees the whole way. */
export const REQUEST = aRequest({ reminders: { after: ['P1D', 'P2D'], timeZone: 'UTC' }, expireAfter: 'P4D' });

export function begin({ ambiguousSends, ends, lagMs, mailed }: Begin, tally: Tally): World {
  const policy = aPolicy({ ambiguousSends, onRevoke: ends, onExpiry: ends, maxSendAttempts: 3 });
  const world: World = {
    policy,
    now: REQUESTED_AT,
    rows: new Map(),
    hints: [],
    inFlight: [],
    guest: undefined,
    lagMs,
    mails: new Map(),
    decidedAgain: new Map(),
    made: 0,
    tally,
  };
  if (mailed === 0) return world;
  const sends = Array.from({ length: mailed }, (_, number) => aSend({ number, attemptId: `attempt-${number}` }));
  const worn = aPendingInvitation({ id: WORN_ID, request: REQUEST, sends, historyCount: 58 });
  world.guest = { createdAt: REQUESTED_AT, visibleFrom: REQUESTED_AT, state: 'PendingAcceptance' };
  commit(world, undefined, { invitation: worn, history: [] });
  return world;
}

export const invitations = (world: World): StoredInvitation[] => {
  const stored = invitationsIn(world.rows);
  return stored.sort((a, b) => (a.invitation.id < b.invitation.id ? -1 : 1));
};

export const read = (world: World, id: string): StoredInvitation | undefined =>
  invitationsIn(world.rows).find(({ invitation }) => invitation.id === id);

/** Writes a change in the product's one transaction. False when a claim or a person's lock is in the way. */
export function commit(world: World, before: StoredInvitation | undefined, change: Change): boolean {
  world.made += 1;
  const { now, policy } = world;
  const transaction = transactionOf(before, change, { now, policy, changeId: `change-${world.made}` });
  const { rows, answer } = write(world.rows, 'invitations', transaction.actions);
  if (answer.type === 'refused' && answer.status !== 409)
    throw new Error(`A transaction is refused with ${answer.status}`);
  if (answer.type !== 'value') return false;
  world.rows = rows;
  hint(world, transaction.after.invitation.id, transaction.newWakeUp);
  return true;
}

/** Whoever moves a wake-up sends its hint when it is due soon; a tick sends the others. */
function hint(world: World, id: string, wakeUp: WakeUp | undefined): void {
  if (wakeUp && wakeUp.at <= addMs(world.now, 70_000)) world.hints.push(id);
}

/**
 * Lets `event` happen to an invitation and holds it to the table of transitions: a forbidden event leaves the status as
 * it is. A revoke that was noted and a redemption found with a mail may ride on the event.
 */
export function happen(
  world: World,
  { invitation, ...stored }: StoredInvitation,
  event: Event,
  change: Change | undefined,
): void {
  const before = invitation.status;
  if (change && !commit(world, { invitation, ...stored }, change)) return;
  const after = change ? change.invitation.status : before;
  world.tally.note(before, event, after !== before || (change !== undefined && after === transition(before, event)));
  if (after === before || leadsTo(before, event, after, invitation)) return;
  throw new Error(`${event} led from ${before} to ${after}`);
}

function leadsTo(before: Status, event: Event, after: Status, { revokeRequested }: Invitation): boolean {
  const next = transition(before, event);
  if (next === undefined || next === after) return next === after;
  return (revokeRequested !== undefined && after === 'revoked') || transition(next, 'redeemed') === after;
}

export const applied = (world: World, { invitation }: StoredInvitation, outcome: Outcome): Change | undefined =>
  applyOutcome(invitation, outcome, world.now, world.policy);

const mailKey = (world: World, id: string, number: number): string =>
  `${id} mail ${number}, decision ${world.decidedAgain.get(id) ?? 0}`;

/** Graph mails. The invitation must want it at this very moment. */
export function mail(world: World, id: string, intent: SendIntent): void {
  const { status, intent: inForce } = read(world, id)?.invitation ?? {};
  if (status !== 'queued' && status !== 'pendingAcceptance') throw new Error(`Mailed while ${status}`);
  if (inForce?.attemptId !== intent.attemptId) throw new Error('Mailed without its intent in force');
  const key = mailKey(world, id, intent.number);
  world.mails.set(key, (world.mails.get(key) ?? 0) + 1);
  world.guest ??= { createdAt: world.now, visibleFrom: addMs(world.now, world.lagMs), state: 'PendingAcceptance' };
}

/** What must be true after every command. */
export function holdInvariants(world: World): void {
  const fault = tableFault(world.rows, world.now, world.policy);
  if (fault !== undefined) throw new Error(fault);
  const twice = [...world.mails].find(([, count]) => count > 1);
  if (twice) throw new Error(`${twice[0]}: ${twice[1]} times`);
  for (const { invitation, wakeUp } of invitationsIn(world.rows)) {
    const { status, holdsClaim, sends, historyCount } = invitation;
    const wants = WANTS_WAKE_UP[status];
    if (wants !== undefined && wants !== (wakeUp !== undefined)) throw new Error(`${status} with wake-up ${wakeUp}`);
    if (holdsClaim !== HOLDS_CLAIM[status]) throw new Error(`${status} and holdsClaim ${holdsClaim}`);
    if (sends.length > 30) throw new Error(`${sends.length} sends`);
    if (historyCount > 60) throw new Error(`${historyCount} history entries`);
    if (sends.some(({ number }, index) => number !== index)) throw new Error('a send number is missing or doubled');
  }
}

/** Undefined where it depends: on a removal or a last look that is outstanding. Literal, not the code's own rule. */
const WANTS_WAKE_UP: Record<Status, boolean | undefined> = {
  awaitingApproval: false,
  scheduled: true,
  queued: true,
  pendingAcceptance: true,
  accepted: false,
  failed: false,
  expired: undefined,
  revoked: undefined,
  rejected: false,
  needsReview: true,
};

const HOLDS_CLAIM: Record<Status, boolean> = {
  awaitingApproval: true,
  scheduled: true,
  queued: true,
  pendingAcceptance: true,
  accepted: false,
  failed: false,
  expired: false,
  revoked: false,
  rejected: false,
  needsReview: true,
};

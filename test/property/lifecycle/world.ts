import { applyOutcome } from '../../../shared/domain/applyOutcome';
import type { Change } from '../../../shared/domain/history';
import { invitationId } from '../../../shared/domain/ids';
import type { Invitation, SendIntent, Status } from '../../../shared/domain/invitation';
import { newInvitation } from '../../../shared/domain/newInvitation';
import type { WakeUp } from '../../../shared/domain/nextStep';
import type { Outcome } from '../../../shared/domain/outcome';
import type { Policy } from '../../../shared/domain/policy';
import { type InvitationRequest, isRepeatable } from '../../../shared/domain/request';
import { type Instant, addMs, toMs } from '../../../shared/domain/time';
import { type Event, transition } from '../../../shared/domain/transition';
import { type StoredInvitation } from '../../../shared/tables/invitationEntity';
import { type Transaction, transactionOf, withClaimOf } from '../../../shared/tables/transactionOf';
import { REQUESTED_AT, aPendingInvitation, aPolicy, aSend } from '../../support/invitations';
import { invitationsIn } from '../model/invariants';
import { type Rows, write } from '../model/table';
import { GUEST } from './requests';
import type { Tally } from './tally';

interface DirectoryGuest {
  createdAt: Instant;
  visibleFrom: Instant;
  state: 'PendingAcceptance' | 'Accepted';
  stateChangedAt: Instant;
}

/** One person's invitations, the queue, Graph and a clock that commands move. */
export interface World {
  policy: Policy;
  now: Instant;
  rows: Rows;
  /** Ids of invitations that hints are under way for: doubled, lost and overtaken as commands like. */
  hints: string[];
  /** Workers between their intent and its outcome. */
  inFlight: { id: string; intent: SendIntent }[];
  guest: DirectoryGuest | undefined;
  /** The person's permission on the item; `wasThere`: before any of us shared it. */
  share: { visibleFrom: Instant; wasThere: boolean } | undefined;
  /** What LinkedIn was told last, by invitation. */
  linkedIn: Map<string, string>;
  /** How Graph answers who joins the group. */
  group: 'joined' | 'later' | 'refused';
  /** How long the directory and the list of permissions hide what is new: always less than RESOLVE_AFTER. */
  lagMs: number;
  /** Mails that Graph sent, by what they were for. */
  mails: Map<string, number>;
  /** Attempts by which mails were sent. */
  mailedBy: Set<string>;
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
  guest: 'PendingAcceptance' | 'Accepted' | undefined;
  isShared: boolean;
  group: World['group'];
  retains: boolean;
}

const A_YEAR_AGO = '2025-03-02T09:00:00.000Z';
const RETAIN_MS = 20 * 86_400_000;

export const WORN_ID = '019cadc6-9a80-7abc-8def-0123456789ff';

export function begin(beginning: Begin, tally: Tally): World {
  const { ambiguousSends, ends, lagMs, mailed, guest, isShared, group, retains } = beginning;
  const policy = aPolicy({
    ambiguousSends,
    onRevoke: ends,
    onExpiry: ends,
    maxSendAttempts: 3,
    ...(retains ? { retainMs: RETAIN_MS } : {}),
  });
  const world: World = {
    policy,
    now: REQUESTED_AT,
    rows: new Map(),
    hints: [],
    inFlight: [],
    guest: guest && {
      createdAt: A_YEAR_AGO,
      visibleFrom: A_YEAR_AGO,
      state: guest,
      stateChangedAt: A_YEAR_AGO,
    },
    share: isShared ? { visibleFrom: REQUESTED_AT, wasThere: true } : undefined,
    linkedIn: new Map(),
    group,
    lagMs,
    mails: new Map(),
    mailedBy: new Set(),
    decidedAgain: new Map(),
    made: 0,
    tally,
  };
  if (mailed === 0) return world;
  const sends = Array.from({ length: mailed }, (_, number) => aSend({ number, attemptId: `attempt-${number}` }));
  const worn = aPendingInvitation({ id: WORN_ID, request: GUEST, sends, historyCount: 58 });
  for (const { attemptId } of sends) world.mailedBy.add(attemptId);
  world.guest = aPendingGuest(REQUESTED_AT, REQUESTED_AT);
  commit(world, undefined, { invitation: worn, history: [] });
  return world;
}

const aPendingGuest = (createdAt: Instant, visibleFrom: Instant): DirectoryGuest => ({
  createdAt,
  visibleFrom,
  state: 'PendingAcceptance',
  stateChangedAt: createdAt,
});

export const invitations = (world: World): StoredInvitation[] => {
  const stored = invitationsIn(world.rows);
  return stored.sort((a, b) => (a.invitation.id < b.invitation.id ? -1 : 1));
};

export const read = (world: World, id: string): StoredInvitation | undefined =>
  invitationsIn(world.rows).find(({ invitation }) => invitation.id === id);

/** All invitations are one person's, so they live in one partition and meet at one lock. */
export const PERSON = aPendingInvitation().person;
const PERSON_PARTITION = 'ff';

/** Stores a request for the person, taking the claim of `giver` where that holds it. False where another holds it. */
export function store(world: World, request: InvitationRequest, giver?: StoredInvitation): string | undefined {
  const random = Buffer.alloc(10);
  random.writeUInt16BE(world.made, 2);
  const id = invitationId(toMs(world.now), random, PERSON_PARTITION);
  const asked = { id, person: PERSON, caller: 'hr', request, warnings: [], takesClaim: true, sendAt: world.now };
  return commit(world, undefined, newInvitation(asked, world.now), giver) ? id : undefined;
}

/** Writes a change in the product's one transaction. False when a claim or a person's lock is in the way. */
export function commit(
  world: World,
  before: StoredInvitation | undefined,
  change: Change,
  giver?: StoredInvitation,
): boolean {
  world.made += 1;
  const { now, policy } = world;
  const context = { now, policy, changeId: `change-${world.made}` };
  const plain = transactionOf(before, change, context);
  return submit(world, giver?.invitation.holdsClaim ? withClaimOf(giver, plain, context) : plain);
}

function submit(world: World, transaction: Transaction): boolean {
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

/** Graph is asked and does what it is asked, with the mail where one is wanted. The invitation must want it at this very moment. */
export function ask(world: World, id: string, intent: SendIntent, isMailed: boolean): void {
  const { status, intent: inForce, request } = read(world, id)?.invitation ?? {};
  if (status !== 'queued' && status !== 'pendingAcceptance') throw new Error(`Mailed while ${status}`);
  if (inForce?.attemptId !== intent.attemptId) throw new Error('Mailed without its intent in force');
  if (isMailed && request && !isRepeatable(request)) {
    const key = mailKey(world, id, intent.number);
    world.mails.set(key, (world.mails.get(key) ?? 0) + 1);
    world.mailedBy.add(intent.attemptId);
  }
  const visibleFrom = addMs(world.now, world.lagMs);
  switch (request?.kind) {
    case 'driveItem':
      world.share ??= { visibleFrom, wasThere: false };
      break;
    case 'linkedIn':
      world.linkedIn.set(id, request.trackingId);
      break;
    case 'guest':
      world.guest ??= aPendingGuest(world.now, visibleFrom);
      break;
    case undefined:
      throw new Error('Mailed for an invitation that is gone.');
  }
}

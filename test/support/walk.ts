import fc from 'fast-check';
import { applyOutcome, placeIntent } from '../../shared/domain/applyOutcome';
import { decideResend, decideRevoke } from '../../shared/domain/decisions';
import { type Change, type NumberedEntry, recordHistory } from '../../shared/domain/history';
import type { Intent, Invitation } from '../../shared/domain/invitation';
import { newInvitation } from '../../shared/domain/newInvitation';
import { type Step, nextStep, wakeUpOf } from '../../shared/domain/nextStep';
import type { Outcome, Verdict } from '../../shared/domain/outcome';
import type { Policy } from '../../shared/domain/policy';
import { type Instant, addMs, later } from '../../shared/domain/time';
import { ID, REQUESTED_AT, aPolicy, aRequest, omit } from './invitations';

/** A way that an invitation may go: what the world did, in turn. */
export interface Walk {
  policy: Policy;
  visited: Visited[];
}

/** Where an invitation stands after a move. `mailed`: Graph was asked for a mail in that move. */
export interface Visited {
  invitation: Invitation;
  entries: NumberedEntry[];
  now: Instant;
  mailed: boolean;
}

/** `chance` picks one of the answers that are possible; `person` is what a person does before the step is looked for. */
interface Move {
  waitMs: number;
  toWakeUp: boolean;
  person: 'nothing' | 'resend' | 'revoke';
  chance: number;
}

const DAY_MS = 86_400_000;

const moves = fc.array(
  fc.record<Move>({
    waitMs: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 10 * DAY_MS })),
    toWakeUp: fc.integer({ min: 0, max: 9 }).map((n) => n > 1),
    person: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'nothing', 'resend', 'revoke'),
    chance: fc.nat({ max: 1_000_000 }),
  }),
  { maxLength: 40 },
);

const policies = fc
  .record({
    ambiguousSends: fc.constantFrom('reconcile' as const, 'strict' as const),
    onRevoke: fc.constantFrom('keep' as const, 'removeGuest' as const),
    onExpiry: fc.constantFrom('keep' as const, 'removeGuest' as const),
    maxSendAttempts: fc.constantFrom(1, 2, 8),
  })
  .map(aPolicy);

const requests = fc
  .record({
    sendInvitationMessage: fc.boolean(),
    reminders: fc.record({
      after: fc.constantFrom<string[]>([], ['P3D', 'P7D'], ['PT12H', 'P1D', 'P1M']),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
    }),
    expireAfter: fc.constantFrom('P30D', 'P2D', 'P1Y'),
  })
  .map(aRequest);

/** Ways that begin with a request and go on by the domain's own functions, with every answer that the world may give. */
export const walks: fc.Arbitrary<Walk> = fc
  .record({ policy: policies, request: requests, isScheduled: fc.boolean(), moves })
  .map(({ policy, request, isScheduled, moves: made }) => {
    const begun = newInvitation(
      {
        id: ID,
        person: '00112233445566778899aabbccddeeff',
        caller: 'hr',
        request: isScheduled ? { ...request, notBefore: '2026-03-10T08:00:00.000Z' } : request,
        warnings: [],
        takesClaim: true,
        sendAt: REQUESTED_AT,
      },
      REQUESTED_AT,
    );
    const visited: Visited[] = [{ ...recordHistory(begun), now: REQUESTED_AT, mailed: false }];
    made.forEach((move, index) => visited.push(go(visited.at(-1)!, move, `attempt-${index}`, policy)));
    return { policy, visited };
  });

function go(from: Visited, move: Move, attemptId: string, policy: Policy): Visited {
  const waited = addMs(from.now, move.waitMs);
  const wakeUp = wakeUpOf(from.invitation, from.now, policy);
  const now = move.toWakeUp ? later(from.now, wakeUp?.at) : waited;
  const asked = decided(from.invitation, move, now, policy);
  const step = nextStep(from.invitation, now, policy);
  const change = asked ?? done(from.invitation, step, move, attemptId, now, policy);
  const mailed = change?.invitation.intent?.purpose === 'send' && !from.invitation.intent;
  return change
    ? { ...recordHistory(change), now, mailed }
    : { invitation: from.invitation, entries: [], now, mailed: false };
}

function decided(invitation: Invitation, { person }: Move, now: Instant, policy: Policy): Change | undefined {
  if (person === 'nothing') return undefined;
  const decision =
    person === 'resend' ? decideResend(invitation, 'ada', now) : decideRevoke(invitation, 'ada', now, policy);
  return decision.type === 'change' ? decision.change : undefined;
}

const pick = <T>(chance: number, of: readonly T[]): T => of[chance % of.length]!;

/** Does the step, or lets the worker whose intent is in force come back with its answer. */
function done(
  invitation: Invitation,
  step: Step,
  { chance }: Move,
  attemptId: string,
  now: Instant,
  policy: Policy,
): Change | undefined {
  const { intent } = invitation;
  const apply = (outcome: Outcome) => applyOutcome(invitation, outcome, now, policy);
  const lease = { attemptId, startedAt: now, leaseEndsAt: addMs(now, policy.sendLeaseMs) };
  const postponed: Outcome = { type: 'postponed', until: addMs(now, 60_000), reason: 'gate', waited: chance % 2 === 0 };
  switch (step.type) {
    case 'none':
      return intent && apply(pick(chance, answersTo(intent, now)));
    case 'resolve':
      return apply(pick(chance, [postponed, ...resolutionsOf(step.intent, now)]));
    case 'awaitGuest':
    case 'revokeReplaced':
    case 'update':
      throw new Error(`No walk comes to ${step.type}.`);
    case 'enqueue':
      return apply({ type: 'enqueued', sendAt: addMs(now, chance % 60_000) });
    case 'checkRedemption':
      return apply(pick(chance, [NOT_REDEEMED, NOT_REDEEMED, NOT_REDEEMED, postponed, REDEEMED]));
    case 'expire':
      return apply({ type: 'expired' });
    case 'joinGroup': {
      const { groupId } = step;
      const later: Outcome = { type: 'groupLater', groupId, fault: FAULT, retryAt: addMs(now, 60_000), waited: false };
      return apply(
        pick(chance, [{ type: 'groupJoined', groupId }, { type: 'groupFailed', groupId, fault: FAULT }, later]),
      );
    }
    case 'removeGuest':
      return chance % 4 === 0 ? apply(postponed) : placeIntent(invitation, { purpose: 'removeGuest', ...lease });
    case 'send': {
      const mail = omit(step, 'type');
      const before = step.cause === 'first' ? { before: { known: false as const }, graphNow: now } : {};
      const begun = placeIntent(invitation, { purpose: 'send', ...mail, ...before, ...lease });
      const { reminderIndex } = step;
      const skipped: Outcome = { type: 'reminderSkipped', reminderIndex: reminderIndex ?? 0, state: null };
      const instead = step.cause === 'reminder' ? [postponed, REDEEMED, skipped] : [postponed, REDEEMED];
      return chance % 5 === 0 ? apply(pick(Math.floor(chance / 5), instead)) : begun;
    }
  }
}

const FAULT = { code: 'serviceDown', message: 'Graph is away.' };
const NOT_REDEEMED: Outcome = { type: 'notRedeemed', state: 'PendingAcceptance', userId: 'user-1' };
const REDEEMED: Outcome = { type: 'redeemed', userId: 'user-1' };

function answersTo({ attemptId, purpose }: Intent, now: Instant): Outcome[] {
  const retryAt = addMs(now, 60_000);
  return purpose === 'send'
    ? [
        { type: 'sent', attemptId, graph: { id: 'graph-1', invitedUser: { id: 'user-1' } } },
        { type: 'sent', attemptId, graph: { id: 'graph-1', invitedUser: { id: 'user-1' } } },
        { type: 'refused', attemptId, fault: FAULT },
        { type: 'notSent', attemptId, fault: FAULT, retryAt },
        { type: 'unknown', attemptId, fault: FAULT },
        { type: 'sent', attemptId: 'somebody-else', graph: {} },
      ]
    : [
        { type: 'guestRemoved', attemptId },
        { type: 'guestKept', attemptId, reason: 'Graph says Accepted' },
        { type: 'removalFailed', attemptId, fault: FAULT, retryAt, waited: false },
      ];
}

function resolutionsOf(intent: Intent, now: Instant): Outcome[] {
  if (intent.purpose === 'removeGuest') return answersTo(intent, now);
  const verdicts: Verdict[] = [
    { found: 'sent', graph: { invitedUser: { id: 'user-1' } }, isRedeemed: false },
    {
      found: 'sent',
      graph: { invitedUser: { id: 'user-1' }, externalUserState: 'Accepted' },
      isRedeemed: true,
    },
    { found: 'notSent' },
    { found: 'unclear', userId: 'user-1' },
  ];
  return verdicts.map((verdict) => ({ type: 'resolved', attemptId: intent.attemptId, verdict }));
}

import fc from 'fast-check';
import { applyOutcome, placeIntent } from '../../shared/domain/applyOutcome';
import { decideApproval } from '../../shared/domain/approval';
import { type Decision, decideResend, decideRevoke } from '../../shared/domain/decisions';
import { type Change, type NumberedEntry, recordHistory } from '../../shared/domain/history';
import type { Invitation } from '../../shared/domain/invitation';
import { newInvitation } from '../../shared/domain/newInvitation';
import { type Step, nextStep, wakeUpOf } from '../../shared/domain/nextStep';
import { decideConfirmSent, decideRetry } from '../../shared/domain/operatorDecisions';
import type { Outcome } from '../../shared/domain/outcome';
import { decidePatch, parsePatch } from '../../shared/domain/patchInvitation';
import type { Policy } from '../../shared/domain/policy';
import type { InvitationRequest } from '../../shared/domain/request';
import { type Instant, addMs, later } from '../../shared/domain/time';
import { ID, REQUESTED_AT, aPolicy, aRequest, omit } from './invitations';
import { rules } from './requests';
import { REPLACED, aLinkedInRequest, aShareRequest } from './kinds';
import { answersTo, foundBefore, insteadOf, outcomesOf, pick } from './worldAnswers';

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

const PEOPLE_DO = [
  'resend',
  'revoke',
  'patch',
  'patch',
  'approve',
  'approve',
  'reject',
  'retry',
  'confirmSent',
] as const;

/** `chance` picks one of the answers that are possible; `person` is what a person does before the step is looked for. */
interface Move {
  waitMs: number;
  toWakeUp: boolean;
  person: 'nothing' | (typeof PEOPLE_DO)[number];
  chance: number;
}

const DAY_MS = 86_400_000;

const moves = fc.array(
  fc.record<Move>({
    waitMs: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 10 * DAY_MS })),
    toWakeUp: fc.integer({ min: 0, max: 9 }).map((n) => n > 1),
    person: fc.oneof(
      { weight: 5, arbitrary: fc.constant('nothing' as const) },
      { weight: 2, arbitrary: fc.constantFrom(...PEOPLE_DO) },
    ),
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
    retainMs: fc.constantFrom(undefined, 5 * DAY_MS, 90 * DAY_MS),
  })
  .map(({ retainMs, ...policy }) => aPolicy({ ...policy, ...(retainMs === undefined ? {} : { retainMs }) }));

const options = fc
  .record({
    expireAfter: fc.constantFrom('P30D', 'P2D', 'P1Y'),
    notBefore: fc.constantFrom(undefined, undefined, '2026-03-10T08:00:00.000Z'),
    replaces: fc.constantFrom(undefined, undefined, REPLACED),
    approval: fc.constantFrom(undefined, undefined, undefined, { required: true as const, expiresAfter: 'P14D' }),
  })
  .map(({ expireAfter, notBefore, replaces, approval }) => ({
    expireAfter,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(replaces === undefined ? {} : { replaces }),
    ...(approval ? { approval } : {}),
  }));

const reminders = fc.record({
  after: fc.constantFrom<string[]>([], ['P3D', 'P7D'], ['PT12H', 'P1D', 'P1M']),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
});

const requests: fc.Arbitrary<InvitationRequest> = fc
  .record({ kind: fc.constantFrom('guest', 'driveItem', 'linkedIn'), isMailed: fc.boolean(), reminders, options })
  .map(({ kind, isMailed, reminders: times, options: common }) => {
    switch (kind) {
      case 'driveItem':
        return aShareRequest({ sendInvitation: isMailed, reminders: times, ...common });
      case 'linkedIn':
        return aLinkedInRequest(common);
      default:
        return aRequest({ sendInvitationMessage: isMailed, reminders: times, groups: ['group-1'], ...common });
    }
  });

/** Ways that begin with a request and go on by the domain's own functions, with every answer that the world may give. */
export const walks: fc.Arbitrary<Walk> = fc
  .record({ policy: policies, request: requests, moves })
  .map(({ policy, request, moves: made }) => {
    const begun = newInvitation(
      {
        id: ID,
        person: '00112233445566778899aabbccddeeff',
        caller: 'hr',
        request,
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
  const now = timeOf(from, move, policy);
  const decision = decisionOf(from.invitation, move, now, policy);
  const asked = decision?.type === 'change' ? decision.change : undefined;
  const step = nextStep(from.invitation, now, policy);
  const change = asked ?? done(from.invitation, step, move, attemptId, now, policy);
  const mailed = change?.invitation.intent?.purpose === 'send' && !from.invitation.intent;
  return change
    ? { ...recordHistory(change), now, mailed }
    : { invitation: from.invitation, entries: [], now, mailed: false };
}

/** Mostly the worker whose intent is in force comes back with its answer, and else the hint for the wake-up comes. */
function timeOf({ invitation, now }: Visited, { waitMs, toWakeUp, chance }: Move, policy: Policy): Instant {
  if (isAsking(invitation) && chance % 4 > 0) return addMs(now, waitMs % 60_000);
  return toWakeUp ? later(now, wakeUpOf(invitation, now, policy)?.at) : addMs(now, waitMs);
}

/** A worker that said that it does not know is done: the rest is found out later. */
const isAsking = ({ intent }: Invitation): boolean => intent !== undefined && !('unknown' in intent);

function decisionOf(invitation: Invitation, move: Move, now: Instant, policy: Policy): Decision | undefined {
  switch (move.person) {
    case 'nothing':
      return undefined;
    case 'resend':
      return decideResend(invitation, 'ada', now);
    case 'revoke':
      return decideRevoke(invitation, 'ada', now, policy);
    case 'patch':
      return patched(invitation, move.chance, now);
    case 'approve':
      return decideApproval(invitation, 'approved', 'ada', now);
    case 'reject':
      return decideApproval(invitation, 'rejected', 'ada', now, 'No budget.');
    case 'retry':
      return decideRetry(invitation, 'ada', now);
    case 'confirmSent':
      return decideConfirmSent(invitation, 'ada', now, policy);
  }
}

/** One body of those that make sense at all; what this kind does not take is refused. */
function patched(invitation: Invitation, chance: number, now: Instant): Decision | undefined {
  const body = pick<object>(chance, [
    { notBefore: addMs(now, 3 * DAY_MS) },
    { notBefore: addMs(now, -DAY_MS) },
    { notBefore: null },
    { reminders: { after: ['PT1H', 'P4D'] } },
    { reminders: { after: [] } },
    { expireAfter: 'P1D' },
    { expireAfter: 'P2M' },
    { message: 'Hello' },
    { inviter: `inviter-${chance}`, created: chance },
    { metadata: { run: String(chance) } },
  ]);
  const parsed = parsePatch(body, invitation, rules());
  return parsed.ok ? decidePatch(invitation, parsed.request, 'ada', now) : undefined;
}

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
  switch (step.type) {
    case 'none':
      return intent && isAsking(invitation) ? apply(pick(chance, answersTo(intent, invitation, now))) : undefined;
    case 'removeGuest':
      return placeIntent(invitation, { purpose: 'removeGuest', ...lease });
    case 'send': {
      if (chance % 5 === 0) return apply(pick(Math.floor(chance / 5), insteadOf(step, invitation, now)));
      const before = foundBefore(step, invitation, now, chance);
      return placeIntent(invitation, { purpose: 'send', ...omit(step, 'type'), ...before, ...lease });
    }
    default:
      return apply(pick(chance, outcomesOf(step, invitation, now)));
  }
}

import type { Intent, Invitation, PersonBefore, SendIntent } from '../../shared/domain/invitation';
import type { SendStep, Step } from '../../shared/domain/nextStep';
import type { Outcome, Verdict } from '../../shared/domain/outcome';
import { type Instant, addMs } from '../../shared/domain/time';
import { GUEST_INVITATION } from './kinds';

/* Every answer that the world may give to what is done for an invitation, by its kind. */

export const pick = <T>(chance: number, of: readonly T[]): T => of[chance % of.length]!;

const FAULT = { code: 'serviceDown', message: 'Graph is away.' };
const NOT_REDEEMED: Outcome = { type: 'notRedeemed', state: 'PendingAcceptance', userId: 'user-1' };
const REDEEMED: Outcome = { type: 'redeemed', userId: 'user-1' };

const GRAPH = {
  guest: { id: 'graph-1', invitedUser: { id: 'user-1' } },
  driveItem: { id: 'permission-1', roles: ['read'], invitedUser: { id: 'user-1' } },
  linkedIn: { id: 'linkedIn-1' },
};

const postponed = (now: Instant, waited: boolean): Outcome => ({
  type: 'postponed',
  until: addMs(now, 60_000),
  reason: 'gate',
  waited,
});

/** What a step may come to that asks Graph for nothing that must not happen twice. */
export function outcomesOf(
  step: Exclude<Step, { type: 'none' | 'send' | 'removeGuest' }>,
  invitation: Invitation,
  now: Instant,
): Outcome[] {
  const waiting = [postponed(now, true), postponed(now, false)];
  switch (step.type) {
    case 'resolve':
      return [...waiting, ...resolutionsOf(step.intent, invitation, now)];
    case 'awaitGuest': {
      const invited = [{ userId: 'user-1' }, {}];
      return [
        postponed(now, true),
        ...invited.map((guest): Outcome => ({ type: 'enqueued', sendAt: addMs(now, 1_000), guest })),
        { type: 'guestMissing', fault: FAULT },
      ];
    }
    case 'revokeReplaced':
      return [
        { type: 'replacedRevoked' },
        { type: 'replacedRevoked', refusal: 'It is closed already.' },
        { type: 'replacedBusy', until: addMs(now, 30_000) },
      ];
    case 'update': {
      const { requestedAt } = step;
      return [
        ...waiting,
        { type: 'updated', requestedAt, graph: GRAPH.linkedIn },
        { type: 'updateRefused', requestedAt, fault: FAULT },
      ];
    }
    case 'enqueue':
      return [{ type: 'enqueued', sendAt: addMs(now, 20_000) }];
    case 'checkRedemption':
      return [NOT_REDEEMED, NOT_REDEEMED, NOT_REDEEMED, NOT_REDEEMED, ...waiting, REDEEMED];
    case 'expire':
      return [{ type: 'expired' }];
    case 'rejectOverdue':
      return [{ type: 'approvalExpired' }];
    case 'erase':
      return [{ type: 'erased' }];
    case 'joinGroup': {
      const { groupId } = step;
      return [
        { type: 'groupJoined', groupId },
        { type: 'groupFailed', groupId, fault: FAULT },
        { type: 'groupLater', groupId, fault: FAULT, retryAt: addMs(now, 60_000), waited: false },
      ];
    }
  }
}

/** What a look before a send may come to, so that nothing is sent. */
export function insteadOf({ cause, reminderIndex = 0 }: SendStep, { kind, guestReadyAt }: Invitation, now: Instant) {
  const outcomes: Outcome[] = [postponed(now, true), postponed(now, false)];
  if (kind !== 'linkedIn') outcomes.push(REDEEMED);
  if (cause === 'reminder') outcomes.push({ type: 'reminderSkipped', reminderIndex, state: null });
  if (kind === 'driveItem' && cause === 'first') {
    outcomes.push(
      guestReadyAt === undefined
        ? { type: 'waitsForGuest', invitationId: GUEST_INVITATION }
        : { type: 'guestMissing', fault: FAULT },
    );
  }
  return outcomes;
}

/** What the look before a first send may have found. */
export function foundBefore(
  { cause }: SendStep,
  { kind }: Invitation,
  now: Instant,
  chance: number,
): Pick<SendIntent, 'before' | 'graphNow'> {
  const there: PersonBefore =
    kind === 'driveItem'
      ? { known: true, permissionId: 'permission-1' }
      : { known: true, userId: 'user-1', externalUserState: null };
  if (cause !== 'first' || kind === 'linkedIn') return {};
  return { before: pick(chance, [{ known: false }, { known: false }, there]), graphNow: now };
}

/** What the worker whose intent is in force may come back with. */
export function answersTo(intent: Intent, { kind }: Invitation, now: Instant): Outcome[] {
  const { attemptId } = intent;
  const retryAt = addMs(now, 60_000);
  if (intent.purpose === 'removeGuest') {
    return [
      { type: 'guestRemoved', attemptId },
      { type: 'guestKept', attemptId, reason: 'Graph says Accepted' },
      { type: 'removalFailed', attemptId, fault: FAULT, retryAt, waited: false },
    ];
  }
  const sent: Outcome = { type: 'sent', attemptId, graph: GRAPH[kind] };
  const ofShares: Outcome[] = [
    { ...sent, isRedeemed: true },
    { type: 'unmailed', attemptId, graph: GRAPH.driveItem, fault: FAULT, retryAt },
    { type: 'unmailed', attemptId, graph: GRAPH.driveItem, fault: FAULT, retryAt },
  ];
  return [
    sent,
    sent,
    { type: 'refused', attemptId, fault: FAULT },
    { type: 'notSent', attemptId, fault: FAULT, retryAt },
    { type: 'unknown', attemptId, fault: FAULT },
    { type: 'sent', attemptId: 'somebody-else', graph: {} },
    ...(kind === 'driveItem' ? ofShares : []),
  ];
}

/** As the workflow resolves: only a first send before which nothing was there is looked for. */
function resolutionsOf(intent: Intent, { kind }: Invitation, now: Instant): Outcome[] {
  const { attemptId } = intent;
  if (intent.purpose === 'removeGuest') {
    return [{ type: 'removalFailed', attemptId, fault: FAULT, retryAt: now, waited: false }];
  }
  const resolved = (verdict: Verdict): Outcome => ({ type: 'resolved', attemptId, verdict });
  if (intent.cause !== 'first') return [resolved({ found: 'notSent' })];
  if (intent.before?.known !== false) return [resolved({ found: 'unclear', userId: 'user-1' })];
  const graph = { invitedUser: { id: 'user-1' } };
  return [
    resolved({ found: 'sent', graph, isRedeemed: false }),
    resolved({ found: 'sent', graph: { ...graph, externalUserState: 'Accepted' }, isRedeemed: true }),
    resolved({ found: 'notSent' }),
    resolved({ found: 'unclear', userId: 'user-1' }),
    ...(kind === 'driveItem' ? [resolved({ found: 'shared', graph: GRAPH.driveItem })] : []),
  ];
}

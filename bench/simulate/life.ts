import { applyOutcome, placeIntent } from '../../shared/domain/applyOutcome';
import type { Change } from '../../shared/domain/history';
import type { Invitation, SendIntent, Status } from '../../shared/domain/invitation';
import { type Step, nextStep, wakeUpOf } from '../../shared/domain/nextStep';
import { noticeRedemption } from '../../shared/domain/redemption';
import { type Instant, addMs, toMs } from '../../shared/domain/time';
import { type Product, instantOf } from './product';

/** What happens in a life, at most as costs tell apart. */
export type LifeEvent = 'requested' | 'sent' | 'reminded' | 'checked' | 'redeemed' | 'expired' | 'erased';

export interface LifeOptions {
  id: string;
  /** In milliseconds since 1970, as all times here. */
  requestedAtMs: number;
  /** From the first mail to the redemption; undefined: never. */
  redeemsAfterMs: number | undefined;
  /** Nothing later is looked at. */
  untilMs: number;
  /** From the redemption to syncRedemptions' hearing of it. */
  syncEveryMs: number;
}

const USER = { id: '6f1e2d3c-0000-4000-8000-000000000000' };

/**
 * One invitation from its request on, by the product's domain alone: at each wake-up what is due is done, and Graph answers
 * well at once. `tell` hears of every event, and whether a wake-up led to it. Gives the status at the end.
 */
export function live(
  { policy, requested }: Product,
  { id, requestedAtMs, redeemsAfterMs, untilMs, syncEveryMs }: LifeOptions,
  tell: (event: LifeEvent, atMs: number, isWakeUp: boolean) => void,
): Status {
  let invitation = requested(id, instantOf(requestedAtMs));
  let redeemedAtMs = Infinity;
  tell('requested', requestedAtMs, false);
  let nowMs = requestedAtMs;
  for (;;) {
    const wakeUp = wakeUpOf(invitation, instantOf(nowMs), policy);
    const dueMs = wakeUp ? toMs(wakeUp.at) : Infinity;
    const heardMs = isHeard(invitation) ? Math.ceil(redeemedAtMs / syncEveryMs) * syncEveryMs : Infinity;
    nowMs = Math.max(nowMs, Math.min(dueMs, heardMs));
    if (nowMs >= untilMs) return invitation.status;
    const now = instantOf(nowMs);
    const isWakeUp = dueMs <= heardMs;
    const isRedeemed = redeemedAtMs <= nowMs;
    const step: Step = isWakeUp ? nextStep(invitation, now, policy) : { type: 'checkRedemption' };
    const done = isWakeUp ? doStep(invitation, step, isRedeemed, now, policy) : heard(invitation, now, policy);
    invitation = done.invitation;
    if (done.event === 'sent') redeemedAtMs = redeemsAfterMs === undefined ? Infinity : nowMs + redeemsAfterMs;
    tell(done.event, nowMs, isWakeUp);
  }
}

const isHeard = ({ status }: Invitation): boolean => status === 'pendingAcceptance' || status === 'expired';

type Done = { invitation: Invitation; event: LifeEvent };
type Policy = Product['policy'];

const heard = (invitation: Invitation, now: Instant, policy: Policy): Done => ({
  invitation: certainly(noticeRedemption(invitation, { userId: USER.id }, now, policy)).invitation,
  event: 'redeemed',
});

function doStep(invitation: Invitation, step: Step, isRedeemed: boolean, now: Instant, policy: Policy): Done {
  switch (step.type) {
    case 'send':
      return mail(invitation, step, now, policy);
    case 'checkRedemption':
      if (isRedeemed) return heard(invitation, now, policy);
      return done(
        applyOutcome(invitation, { type: 'notRedeemed', state: 'PendingAcceptance' }, now, policy),
        'checked',
      );
    case 'expire':
      if (isRedeemed) return heard(invitation, now, policy);
      return done(applyOutcome(invitation, { type: 'expired' }, now, policy), 'expired');
    case 'erase':
      return done(applyOutcome(invitation, { type: 'erased' }, now, policy), 'erased');
    default:
      throw new Error(`A plain guest invitation has no step "${step.type}" to simulate.`);
  }
}

function mail(invitation: Invitation, step: Extract<Step, { type: 'send' }>, now: Instant, policy: Policy): Done {
  const intent: SendIntent = {
    purpose: 'send',
    number: step.number,
    cause: step.cause,
    attemptId: `attempt ${step.number}`,
    startedAt: now,
    leaseEndsAt: addMs(now, policy.sendLeaseMs),
    before: { known: false },
    graphNow: now,
    ...(step.reminderIndex === undefined ? {} : { reminderIndex: step.reminderIndex }),
  };
  const begun = certainly(placeIntent(invitation, intent)).invitation;
  const graph = { id: 'invitation', status: 'PendingAcceptance', invitedUser: USER };
  const outcome = { type: 'sent' as const, attemptId: intent.attemptId, graph };
  return done(applyOutcome(begun, outcome, now, policy), step.cause === 'reminder' ? 'reminded' : 'sent');
}

const done = (change: Change | undefined, event: LifeEvent): Done => ({
  invitation: certainly(change).invitation,
  event,
});

function certainly(change: Change | undefined): Change {
  if (!change)
    throw new Error('The workflow does not go this way any more: what this simulation assumes is out of date.');
  return change;
}

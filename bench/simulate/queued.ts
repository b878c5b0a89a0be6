import { applyOutcome } from '../../shared/domain/applyOutcome';
import type { Invitation } from '../../shared/domain/invitation';
import { type WakeUp, nextStep, wakeUpOf } from '../../shared/domain/nextStep';
import { type Instant, toMs } from '../../shared/domain/time';
import { type Product, idOf, instantOf } from './product';
import type { WakeUpStore } from './wakeUpStore';

const WAITS = 0;
const BEGUN = 1;
const SENT = 2;

export type Queued = ReturnType<typeof makeQueued>;

/**
 * Invitations from their request to their first mail, a few bytes each: partition, wake-up and whether they are sent.
 * What is due, and when, the product's domain says, of an invitation that is made anew whenever it is looked at.
 */
export function makeQueued(count: number, startMs: number, { policy, requested }: Product, wakeUps: WakeUpStore) {
  const dueAtMs = new Float64Array(count).fill(NaN);
  const partitions = new Uint8Array(count);
  const stage = new Uint8Array(count);
  const template = requested(idOf(0, 0), instantOf(startMs));
  const id = (nth: number): string => idOf(nth, partitions[nth] ?? 0);

  const invitationOf = (nth: number): Invitation => ({ ...template, nextAttemptAt: instantOf(dueAtMs[nth] ?? NaN) });

  const keep = (nth: number, before: WakeUp | undefined, after: WakeUp | undefined): WakeUp | undefined => {
    wakeUps.move(id(nth), before, after);
    dueAtMs[nth] = after ? toMs(after.at) : NaN;
    return after;
  };

  return {
    id,
    partition: (nth: number): number => partitions[nth] ?? 0,
    /** Stores the nth: gives its wake-up. */
    store: (nth: number, partition: number, sendAt: Instant, now: Instant): WakeUp | undefined => {
      partitions[nth] = partition;
      return keep(nth, undefined, wakeUpOf(requested(id(nth), now, sendAt), now, policy));
    },
    /** Whether it is to be sent now. */
    isDue: (nth: number, now: Instant): boolean =>
      stage[nth] === WAITS && nextStep(invitationOf(nth), now, policy).type === 'send',
    /** Writes the intent: false where another worker was faster, or has it sent already. */
    begin: (nth: number): boolean => {
      if (stage[nth] !== WAITS) return false;
      stage[nth] = BEGUN;
      return true;
    },
    /** Takes the intent back: Graph has refused. */
    takeBack: (nth: number): void => {
      if (stage[nth] !== BEGUN) throw new Error(`Number ${nth} was refused without an intent.`);
      stage[nth] = WAITS;
    },
    /** It waits: gives its new wake-up; undefined where another worker has begun meanwhile, or has it sent already. */
    postpone: (nth: number, until: Instant, now: Instant): WakeUp | undefined => {
      if (stage[nth] !== WAITS) return undefined;
      const before = invitationOf(nth);
      const outcome = { type: 'postponed' as const, until, reason: 'gate', waited: false };
      const after = applyOutcome(before, outcome, now, policy)?.invitation ?? before;
      return keep(nth, wakeUpOf(before, now, policy), wakeUpOf(after, now, policy));
    },
    /** Mailed; what comes later is not part of a drain. */
    sent: (nth: number, now: Instant): void => {
      if (stage[nth] !== BEGUN) throw new Error(`Number ${nth} was mailed without an intent.`);
      keep(nth, wakeUpOf(invitationOf(nth), now, policy), undefined);
      stage[nth] = SENT;
    },
  };
}

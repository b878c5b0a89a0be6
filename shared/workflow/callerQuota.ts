import { dayOf, leaseFrom, stateToday, surplusOf } from '../domain/quota';
import type { Instant } from '../domain/time';
import type { CallerQuotas } from '../tables/callerQuotas';
import { TablesUnavailableError } from '../tables/tablesError';

export interface CallerQuotaParts {
  callerQuotas: CallerQuotas;
  /** Invitations a day (UTC) that one caller may make. */
  most: number;
  now: () => Instant;
}

/** What this instance may spend for a caller without asking. */
interface Purse {
  day: string;
  left: number;
  leasing?: Promise<number>;
}

export interface Granted {
  /** As many as were asked for, or as there are. */
  count: number;
  /**
   * Takes back what was not spent after all: a duplicate, a repeat. What is too much for one instance goes to the others,
   * or is lost where that fails: counting it twice would be worse. Never throws.
   */
  giveBack: (unspent: number) => Promise<void>;
}

const MOST_TRIES = 10;

/**
 * Counts the invitations of each caller and day for all instances together: each leases some from one entity and spends
 * them by itself, so that entity is seldom written. Never more than `most` a day; what an instance has leased and not
 * spent when it ends is lost for the day: a hundred at most, and what a bulk request had under way.
 */
export function makeCallerQuota({ callerQuotas, most, now }: CallerQuotaParts) {
  const purses = new Map<string, Purse>();

  const purseOf = (caller: string): Purse => {
    const day = dayOf(now());
    const held = purses.get(caller);
    if (held?.day === day) return held;
    // Yesterday's are worth nothing, and a caller who came once is not kept for ever.
    for (const [other, purse] of purses) if (purse.day !== day) purses.delete(other);
    const purse: Purse = { day, left: 0 };
    purses.set(caller, purse);
    return purse;
  };

  const lease = async (caller: string, purse: Purse, wanted: number): Promise<number> => {
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const found = await callerQuotas.read(caller);
      const { state, leased } = leaseFrom(found?.state, wanted, most, now());
      if (leased > 0 && !(await callerQuotas.write(caller, state, found?.etag))) continue;
      purse.left += leased;
      return leased;
    }
    throw new TablesUnavailableError('lease quota', `${MOST_TRIES} others were faster`);
  };

  /** `wanted` of them, or what is left of the day. Throws `TablesUnavailableError`. */
  const take = async (caller: string, wanted: number): Promise<Granted> => {
    const purse = purseOf(caller);
    for (let isUsedUp = false; purse.left < wanted && !isUsedUp;) {
      // Those who come meanwhile wait for the same lease, and look again how much of it is left for them.
      purse.leasing ??= lease(caller, purse, wanted - purse.left).finally(() => delete purse.leasing);
      isUsedUp = (await purse.leasing) === 0;
    }
    const count = Math.min(purse.left, wanted);
    purse.left -= count;
    return {
      count,
      giveBack: async (unspent) => {
        purse.left += unspent;
        const surplus = surplusOf(purse.left);
        purse.left -= surplus;
        if (surplus > 0) await returnToAll(caller, surplus).catch(() => undefined);
      },
    };
  };

  const returnToAll = async (caller: string, surplus: number): Promise<void> => {
    const found = await callerQuotas.read(caller);
    const today = stateToday(found?.state, now());
    if (!found || today.leased < surplus) return;
    await callerQuotas.write(caller, { ...today, leased: today.leased - surplus }, found.etag);
  };

  /** How many a caller could still make, as far as this instance can tell; takes none. */
  const left = async (caller: string): Promise<number> => {
    const found = await callerQuotas.read(caller);
    return purseOf(caller).left + Math.max(0, most - stateToday(found?.state, now()).leased);
  };

  return { take, left, most };
}

export type CallerQuota = ReturnType<typeof makeCallerQuota>;

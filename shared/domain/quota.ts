import { type Instant, addMs } from './time';

/** What was given out of a day's quota, to all instances together. */
export interface QuotaState {
  /** UTC, as 2026-11-21. */
  day: string;
  leased: number;
}

/** An instance leases this many at once, so that the one entity is written once in a hundred invitations. */
const BLOCK = 100;
/** Of what is left at most this part is leased ahead: towards the end little lies idle with instances. */
const SHARE_AHEAD = 20;

const DAY_MS = 24 * 3600_000;

/** Quotas go by the days of UTC. */
export const dayOf = (now: Instant): string => now.slice(0, 10);

export const nextDayAt = (now: Instant): Instant => addMs(`${dayOf(now)}T00:00:00.000Z`, DAY_MS);

/**
 * The count as it stands today. Another instance's clock may have been over midnight first; a day further ahead than
 * that was written by a clock that was wrong.
 */
export function stateToday(state: QuotaState | undefined, now: Instant): QuotaState {
  const today = dayOf(now);
  const isToday = state !== undefined && state.day >= today && state.day <= dayOf(addMs(now, DAY_MS));
  return isToday ? state : { day: today, leased: 0 };
}

/** Leases `wanted` and some ahead, or what is left, which may be none: never more than `most` a day in all. */
export function leaseFrom(
  state: QuotaState | undefined,
  wanted: number,
  most: number,
  now: Instant,
): { state: QuotaState; leased: number } {
  const today = stateToday(state, now);
  const left = Math.max(0, most - today.leased);
  const leased = Math.min(left, Math.max(wanted, Math.min(BLOCK, Math.floor(left / SHARE_AHEAD))));
  return { state: { ...today, leased: today.leased + leased }, leased };
}

/** How many of those in hand are worth giving back to the other instances. */
export const surplusOf = (inHand: number): number => Math.max(0, inHand - BLOCK);

import { type Instant, addMs, later } from './time';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** What is waited after the first failed attempt, the second, …; after all later ones `LONGEST_WAIT_MS`. */
const WAITS_MS = [5 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS];
const LONGEST_WAIT_MS = 4 * HOUR_MS;

/** An event that nobody took for a day is given up. */
const DELIVERED_WITHIN_MS = 24 * HOUR_MS;

/** How long an attempt has for itself: longer than a call may take, so that nobody else makes the same one. */
const ATTEMPT_LEASE_MS = 30 * SECOND_MS;

/** When the next attempt is due, should the one that begins now never be heard of again. */
export const attemptEndsAt = (now: Instant): Instant => addMs(now, ATTEMPT_LEASE_MS);

/** `next`, or undefined where that is too late. */
const inTime = ({ at }: Pick<FailedAttempt, 'at'>, next: Instant): Instant | undefined =>
  next <= addMs(at, DELIVERED_WITHIN_MS) ? next : undefined;

/** When an event is due whose receiver is left alone for a while, or undefined to give up: up to a fifth later. */
export const putOffBy = (event: Pick<FailedAttempt, 'at'>, now: Instant, pauseMs: number, random: number) =>
  inTime(event, addMs(now, Math.round(pauseMs * (1 + 0.2 * random))));

export interface FailedAttempt {
  /** When the event happened. */
  at: Instant;
  /** Attempts so far, this one included. */
  attempts: number;
  /** What the receiver asked for. */
  retryAfterMs?: number | undefined;
}

/**
 * When to try again, or undefined to give up. Waits get up to a fifth longer or shorter (`random` is from 0 up to 1), so
 * that what failed together does not come back together; never sooner than the receiver asked for.
 */
export function nextAttemptAt(failed: FailedAttempt, now: Instant, random: number): Instant | undefined {
  const waitMs = WAITS_MS[failed.attempts - 1] ?? LONGEST_WAIT_MS;
  const jittered = addMs(now, Math.round(waitMs * (0.8 + 0.4 * random)));
  const next = later(jittered, failed.retryAfterMs === undefined ? undefined : addMs(now, failed.retryAfterMs));
  return inTime(failed, next);
}

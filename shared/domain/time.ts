import { DateTime, Duration, IANAZone } from 'luxon';

/** A point in time as `2026-11-21T01:59:27.123Z`: UTC, milliseconds, fixed width, so that text order is time order. */
export type Instant = string;

export const toInstant = (ms: number): Instant => new Date(ms).toISOString();

export const toMs = (instant: Instant): number => Date.parse(instant);

export const addMs = (instant: Instant, ms: number): Instant => toInstant(toMs(instant) + ms);

export const later = (a: Instant, b: Instant | undefined): Instant => (b !== undefined && b > a ? b : a);

export const earlier = (a: Instant, b: Instant | undefined): Instant => (b !== undefined && b < a ? b : a);

/** Whole seconds from `from` to `to`, rounded up, never below `least`: what Retry-After wants. */
export const secondsUntil = (from: Instant, to: Instant, least: number): number =>
  Math.max(least, Math.ceil((toMs(to) - toMs(from)) / 1000));

const LONGEST_YEARS = 10;

/** Whether `text` is an ISO 8601 duration above zero and at most ten years, such as P3D, P1M or PT10M. */
export function isDuration(text: string): boolean {
  // Luxon reads signs too, and P1M-29D would lead backwards from a February.
  if (text.includes('-')) return false;
  const duration = Duration.fromISO(text);
  if (!duration.isValid) return false;
  const ms = duration.toMillis();
  return ms > 0 && ms <= Duration.fromObject({ years: LONGEST_YEARS }).toMillis();
}

/** Milliseconds of an ISO 8601 duration, a month as 30 days: for settings, where no calendar is at hand. */
export const durationMs = (text: string): number => Duration.fromISO(text).toMillis();

/** Newer engines take offsets such as +03:00 for zones too; those know no daylight saving, so they are refused. */
export const isTimeZone = (name: string): boolean => /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);

/**
 * `instant` plus an ISO 8601 duration on the calendar of `timeZone`: days and longer units keep the local time of day
 * over a change of daylight saving, hours and shorter ones are exact. A local time that does not exist moves forward.
 */
export const addDuration = (instant: Instant, duration: string, timeZone: string): Instant =>
  toInstant(DateTime.fromISO(instant, { zone: timeZone }).plus(Duration.fromISO(duration)).toMillis());

/** Both durations one after the other, as one. */
export const sumOf = (duration: string, other: string): string =>
  String(Duration.fromISO(duration).plus(Duration.fromISO(other)).toISO());

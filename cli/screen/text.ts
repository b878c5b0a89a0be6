/** Control characters, and marks that turn the direction of text around: in a terminal they would do things. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** Text from a file or the API, safe to show in a terminal. */
export const printable = (text: string): string => text.replace(HIDDEN, ' ');

/** 1,234 */
export const count = (number: number): string => number.toLocaleString('en-US');

/** `1 person`, `3 people`. */
export const counted = (number: number, one: string, many: string): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** By this machine's clock: 2026-03-02 10:00:00. */
export function localTime(instant: string | undefined): string {
  const date = new Date(instant ?? NaN);
  return Number.isNaN(date.getTime()) ? '–' : date.toLocaleString('sv-SE');
}

/** 1:02:03, 4:05 or 12 s. */
export function shortDuration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const twoDigits = (number: number): string => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(rest)}` : `${minutes}:${twoDigits(rest)}`;
}

/** An argument as a POSIX shell reads it. */
export const shellQuoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

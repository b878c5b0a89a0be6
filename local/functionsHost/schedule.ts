import { Cron } from 'croner';

const field = /^(?:[\d*,/-]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)+$/i;

/**
 * Reads an NCRONTAB expression: second minute hour day month day-of-week, in UTC; both day fields must match.
 *
 * @throws Error for what Azure would refuse too (croner alone takes L, W, # and more), and for time spans, which the
 * local host does not support.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function toSchedule(expression: string): Cron {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 6 || !fields.every((text) => field.test(text))) {
    throw new Error(`The schedule "${expression}" must have six fields: second minute hour day month day-of-week.`);
  }
  return new Cron(expression, { timezone: 'UTC', domAndDow: true, mode: '6-part', sloppyRanges: true });
}

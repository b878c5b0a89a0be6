import { type Invitation, MAX_SENDS } from './invitation';
import { isMailed } from './request';
import { type Instant, addDuration } from './time';

/** When reminder `index` is due: counted from the first send, at the same local time of day in the request's zone. */
export function reminderAt(invitation: Invitation, index: number): Instant | undefined {
  const { after, timeZone } = invitation.request.reminders;
  const duration = after[index];
  if (duration === undefined || invitation.firstSentAt === undefined) return undefined;
  return addDuration(invitation.firstSentAt, duration, timeZone);
}

/** When the next reminder is due; undefined after the last, and where nothing is ever mailed. */
export function nextReminderAt(invitation: Invitation): Instant | undefined {
  if (!isMailed(invitation.request) || invitation.sends.length >= MAX_SENDS) return undefined;
  return reminderAt(invitation, invitation.remindersDone);
}

/** Index of the last reminder that is due, so that several missed ones become one mail; undefined when none is. */
export function reminderDue(invitation: Invitation, now: Instant): number | undefined {
  const { after } = invitation.request.reminders;
  let due: number | undefined;
  for (let index = invitation.remindersDone; index < after.length; index += 1) {
    const at = reminderAt(invitation, index);
    if (at !== undefined && at <= now) due = index;
  }
  return due;
}

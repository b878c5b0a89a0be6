import type { ServiceBusMessage } from '@azure/service-bus';
import { isInvitationId } from '../domain/ids';
import type { Instant } from '../domain/time';

/** Says "look at this invitation at this time". Carries ids only; losing one does no harm. */
export interface Hint {
  id: string;
  /** Key of the wake-up it stands for: a hint whose wake-up has moved since needs no copy. */
  wakeUp: string;
  at: Instant;
}

/**
 * A hint as a message. MessageId is the wake-up's key and who sent it (a tick, a copy), so duplicate detection saves
 * work, and a delayed copy never meets its own original.
 */
export function toMessage(hint: Hint, sentBy: string, now: Instant): ServiceBusMessage {
  return {
    body: { id: hint.id, wakeUp: hint.wakeUp },
    contentType: 'application/json',
    messageId: `${hint.wakeUp}~${sentBy}`,
    ...(hint.at > now ? { scheduledEnqueueTimeUtc: new Date(hint.at) } : {}),
  };
}

export type ReadHint = { ok: true; id: string; wakeUp: string | undefined } | { ok: false; excerpt: string };

/** Reads what the queue hands over. The excerpt of an unreadable one holds nothing but letters, so no address or key. */
export function fromMessage(body: unknown): ReadHint {
  const id = property(body, 'id');
  const wakeUp = property(body, 'wakeUp');
  if (typeof id === 'string' && isInvitationId(id)) {
    return { ok: true, id, wakeUp: isWakeUpOf(id, wakeUp) ? wakeUp : undefined };
  }
  return { ok: false, excerpt: excerptOf(body) };
}

const WAKE_UP = /^w-[01]-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z-([0-9a-f-]{36})$/;

/** Anything else is not handed on: a copy of the hint would carry it back into the queue. */
const isWakeUpOf = (id: string, wakeUp: unknown): wakeUp is string =>
  typeof wakeUp === 'string' && WAKE_UP.exec(wakeUp)?.[1] === id;

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

function excerptOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return `a ${typeof body}`;
  const kind = Array.isArray(body) ? 'an array' : 'an object';
  return `${kind} with ${Object.keys(body).length} entries, none of them an invitation's id`;
}

import type { ServiceBusMessage } from '@azure/service-bus';
import { sha256 } from '../domain/ids';
import type { Instant } from '../domain/time';

/** Says "deliver this event at this time". Carries a key only; losing one does no harm. */
export interface EventHint {
  /** RowKey of the event. */
  key: string;
  at: Instant;
}

/**
 * MessageId is a hash of the event's key, which each attempt moves, and who sent it: the key itself would be too long
 * (128 characters, https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas).
 */
export const toEventMessage = (hint: EventHint, sentBy: string, now: Instant): ServiceBusMessage => ({
  body: { event: hint.key },
  contentType: 'application/json',
  messageId: `${sha256(hint.key).slice(0, 32)}~${sentBy}`,
  ...(hint.at > now ? { scheduledEnqueueTimeUtc: new Date(hint.at) } : {}),
});

/** The key that a message carries, or undefined; whether it is one, `parseEventKey` tells. */
export function fromEventMessage(body: unknown): string | undefined {
  const key: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'event') : undefined;
  return typeof key === 'string' ? key : undefined;
}

import type { ServiceBusMessage } from '@azure/service-bus';
import type { Instant } from '../domain/time';

/** Says "deliver this event at this time". Carries a key only; losing one does no harm. */
export interface EventHint {
  /** RowKey of the event. */
  key: string;
  at: Instant;
}

/** MessageId is the event's key, which each attempt moves, and who sent it. */
export const toEventMessage = (hint: EventHint, sentBy: string, now: Instant): ServiceBusMessage => ({
  body: { event: hint.key },
  contentType: 'application/json',
  messageId: `${hint.key}~${sentBy}`,
  ...(hint.at > now ? { scheduledEnqueueTimeUtc: new Date(hint.at) } : {}),
});

/** The key that a message carries, or undefined; whether it is one, `parseEventKey` tells. */
export function fromEventMessage(body: unknown): string | undefined {
  const key: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'event') : undefined;
  return typeof key === 'string' ? key : undefined;
}

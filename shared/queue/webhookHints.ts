import type { ServiceBusMessage } from '@azure/service-bus';

/** Says "look at this webhook event". Carries names only; losing one does no harm. */
export interface WebhookHint {
  source: string;
  /** Of the event: a keyed hash. */
  key: string;
}

/** MessageId is the event and who sent it (its reception, a tick, a replay). */
export const toWebhookMessage = ({ source, key }: WebhookHint, sentBy: string): ServiceBusMessage => ({
  body: { source, key },
  contentType: 'application/json',
  messageId: `${source}-${key}~${sentBy}`,
});

const SOURCE = /^[a-z0-9][a-z0-9-]{0,63}$/;
const KEY = /^[0-9a-f]{32}$/;

/** Undefined for what is no hint. */
export function fromWebhookMessage(body: unknown): WebhookHint | undefined {
  const property = (name: string): unknown =>
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  const [source, key] = [property('source'), property('key')];
  if (typeof source !== 'string' || typeof key !== 'string') return undefined;
  return SOURCE.test(source) && KEY.test(key) ? { source, key } : undefined;
}

import { randomUUID } from 'node:crypto';
import type { Instant } from '../../domain/time';
import type { WebhookHintSender } from '../../queue/hintSender';
import type { WebhookHint } from '../../queue/webhookHints';
import type { WebhookEvents } from '../../tables/webhookEvents';

export interface WakeWebhookParts {
  webhookEvents: Pick<WebhookEvents, 'sources' | 'due'>;
  hints: Pick<WebhookHintSender, 'send'>;
  now: () => Instant;
}

/** Of one source and tick. What is over it waits for the next, earliest first. */
const MOST_HINTS = 1000;
const SEND_TIMEOUT_MS = 10_000;

/**
 * One tick: a hint for each event whose wake-up is due: tries that failed, hints that were lost, events to be deleted. Costs
 * one query, one more for each source that ever sent an event, and what is due. Throws `TablesUnavailableError`.
 */
export function makeWakeWebhookEvents({ webhookEvents, hints, now }: WakeWebhookParts) {
  return async (): Promise<{ found: number; sent: boolean }> => {
    const until = now();
    const due: WebhookHint[] = [];
    for (const source of await webhookEvents.sources()) {
      const keys = await webhookEvents.due(source, until, MOST_HINTS);
      due.push(...keys.map((key) => ({ source, key })));
    }
    return { found: due.length, sent: await hints.send(due, randomUUID(), until, SEND_TIMEOUT_MS) };
  };
}

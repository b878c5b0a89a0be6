import { randomUUID } from 'node:crypto';
import type { Instant } from '../../domain/time';
import type { WebhookHintSender } from '../../queue/hintSender';
import { HINTS_PER_SECOND, mostHints, sendEvenly, sendingMs } from '../../queue/sendEvenly';
import type { WebhookHint } from '../../queue/webhookHints';
import type { WebhookEvents } from '../../tables/webhookEvents';

export interface WakeWebhookParts {
  webhookEvents: Pick<WebhookEvents, 'sources' | 'due'>;
  hints: Pick<WebhookHintSender, 'send'>;
  tickMs: number;
  now: () => Instant;
  monotonicMs: () => number;
  sleep: (ms: number) => Promise<unknown>;
}

/** Of one source, which is a partition, and tick: half of what a partition gives in a second. */
const MOST_OF_A_SOURCE = 1000;

/**
 * One tick: a hint for each event whose wake-up is due: tries that failed, hints that were lost, events to be deleted; sent
 * at a steady pace, the sources in turn. What is over what a tick can send waits for the next, the earliest first. Costs one
 * query, one more for each source that ever sent an event, and what is due. Throws `TablesUnavailableError`.
 */
export function makeWakeWebhookEvents(parts: WakeWebhookParts) {
  const { webhookEvents, hints, tickMs, now, monotonicMs, sleep } = parts;
  const perSecond = HINTS_PER_SECOND.webhookEvents;

  return async (): Promise<{ found: number; sent: boolean }> => {
    const untilMs = monotonicMs() + sendingMs(tickMs);
    const until = now();
    const sources = await webhookEvents.sources();
    const share = Math.max(1, Math.floor(mostHints(perSecond, tickMs) / sources.length));
    const bySource: WebhookHint[][] = [];
    for (const source of sources) {
      const keys = await webhookEvents.due(source, until, Math.min(share, MOST_OF_A_SOURCE));
      bySource.push(keys.map((key) => ({ source, key })));
    }
    const due = inTurn(bySource);
    const pace = { perSecond, untilMs, now, monotonicMs, sleep };
    const sent = await sendEvenly(due, randomUUID(), hints.send, pace);
    return { found: due.length, sent: sent === due.length };
  };
}

/** The first of each, then the second of each: a source with many keeps no other waiting. */
const inTurn = <T>(lists: readonly (readonly T[])[]): T[] =>
  lists
    .flatMap((list) => list.map((item, nth) => ({ item, nth })))
    .sort((a, b) => a.nth - b.nth)
    .map(({ item }) => item);

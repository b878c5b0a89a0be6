import type { Instant } from '../../domain/time';
import { ENDED_WORKERS, type WebhookEvent, afterTry, replayed } from '../../domain/webhookEvent';
import type { WebhookHint } from '../../queue/webhookHints';
import type { WebhookEvents } from '../../tables/webhookEvents';

export interface KeptParts {
  webhookEvents: WebhookEvents;
  retainMs: number;
  now: () => Instant;
}

/** More than that are counted as that. */
export const MOST_COUNTED = 1000;

/** The events that nothing could be made of, for people: to be counted, read, put back or forgotten. */
export function makeKeptEvents({ webhookEvents, retainMs, now }: KeptParts) {
  /** By source, where there are any; costs one query, and one for each source that ever sent an event. */
  const count = async (): Promise<Map<string, number>> => {
    const counts = new Map<string, number>();
    for (const source of await webhookEvents.sources()) {
      const kept = await webhookEvents.kept(source, MOST_COUNTED);
      if (kept.length > 0) counts.set(source, kept.length);
    }
    return counts;
  };

  /** In the order in which they came. */
  const list = async (source: string): Promise<WebhookEvent[]> => {
    const events: WebhookEvent[] = [];
    for (const key of await webhookEvents.kept(source)) {
      const stored = await webhookEvents.read(source, key);
      if (stored?.event.status === 'kept') events.push(stored.event);
    }
    return events;
  };

  /** Puts them back: the next tick has them tried. Idempotent. */
  const replay = async (events: WebhookEvent[]): Promise<void> => {
    for (const { source, key } of events) {
      await webhookEvents.change(source, key, (event) => replayed(event, now()));
    }
  };

  /** Forgets them, with what they said. */
  const discard = async (events: WebhookEvent[]): Promise<void> => {
    for (const { source, key } of events) {
      await webhookEvents.change(source, key, ({ status }) => (status === 'kept' ? 'delete' : undefined));
    }
  };

  /** Of a hint that killed its worker ten times (`ENDED_WORKERS`). */
  const keep = ({ source, key }: WebhookHint): Promise<WebhookEvent | undefined> =>
    webhookEvents.change(source, key, (event) => afterTry(event, ENDED_WORKERS, now(), { retainMs }));

  return { count, list, replay, discard, keep };
}

export type KeptEvents = ReturnType<typeof makeKeptEvents>;

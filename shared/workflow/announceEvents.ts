import { randomUUID } from 'node:crypto';
import { type Instant, addMs } from '../domain/time';
import type { EventHintSender } from '../queue/hintSender';
import { parseEventKey } from '../tables/keys';
import { TICK_OVERLAP_MS } from './sendHint';

/**
 * Sends hints for the events that are due before the next tick; later ones are the tick's work. Best effort: what does
 * not get through the next tick finds.
 */
export const makeAnnounceEvents =
  ({ eventHints, tickMs, now }: { eventHints: EventHintSender; tickMs: number; now: () => Instant }) =>
  async (keys: string[]): Promise<void> => {
    const at = now();
    const until = addMs(at, tickMs + TICK_OVERLAP_MS);
    const hints = keys.flatMap((key) => {
      const { dueAt } = parseEventKey(key) ?? {};
      return dueAt === undefined || dueAt > until ? [] : [{ key, at: dueAt }];
    });
    if (hints.length > 0) await eventHints.send(hints, randomUUID(), at);
  };

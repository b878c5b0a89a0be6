import { randomUUID } from 'node:crypto';
import { type Instant, addMs } from '../domain/time';
import type { EventHintSender } from '../queue/hintSender';
import { HINTS_PER_SECOND, mostHints, sendEvenly, sendingMs } from '../queue/sendEvenly';
import type { DueEvents } from '../tables/dueEvents';
import { type EventKey, eventKey } from '../tables/keys';
import { makeReadPace, readEarliest } from './readEarliest';
import { TICK_OVERLAP_MS } from './sendHint';

export interface WakeEventsParts {
  dueEvents: Pick<DueEvents, 'dueBefore'>;
  eventHints: Pick<EventHintSender, 'send'>;
  partitions: number;
  tickMs: number;
  now: () => Instant;
  monotonicMs: () => number;
  sleep: (ms: number) => Promise<unknown>;
}

/** Of a long backlog a tick takes this much; the rest is the next one's. */
const EVENTS_PER_SECOND = 50;

/**
 * One tick: a hint for each event that is due before the next tick, those that have waited longest first, sent at a steady
 * pace. Reads what is due and nothing else. Throws `TablesUnavailableError`.
 */
export function makeWakeEvents(parts: WakeEventsParts) {
  const { dueEvents, eventHints, partitions, tickMs, now, monotonicMs, sleep } = parts;
  const perSecond = HINTS_PER_SECOND.events;
  const most = Math.min(Math.max(10, Math.ceil((EVENTS_PER_SECOND * tickMs) / 1000)), mostHints(perSecond, tickMs));

  return async (): Promise<{ found: number; sent: boolean }> => {
    const untilMs = monotonicMs() + sendingMs(tickMs);
    const until = addMs(now(), tickMs + TICK_OVERLAP_MS);
    const due = await readEarliest<EventKey>(most, {
      partitions,
      read: (partition, after, count) => dueEvents.dueBefore(partition, until, count, after),
      dueAt: (key) => key.dueAt,
      pace: makeReadPace(sleep),
    });
    const hints = due.map((key) => ({ key: eventKey(key), at: key.dueAt }));
    const pace = { perSecond, untilMs, now, monotonicMs, sleep };
    const sent = await sendEvenly(hints, randomUUID(), eventHints.send, pace);
    return { found: due.length, sent: sent === due.length };
  };
}

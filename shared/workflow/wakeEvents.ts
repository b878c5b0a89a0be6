import { randomUUID } from 'node:crypto';
import { partitionNames } from '../domain/ids';
import { type Instant, addMs } from '../domain/time';
import type { EventHintSender } from '../queue/hintSender';
import type { DueEvents } from '../tables/dueEvents';
import { eventKey } from '../tables/keys';
import { TICK_OVERLAP_MS } from './sendHint';

export interface WakeEventsParts {
  dueEvents: Pick<DueEvents, 'dueBefore'>;
  eventHints: EventHintSender;
  partitions: number;
  tickMs: number;
  now: () => Instant;
}

/** Of a long backlog a tick takes this much; the rest is the next one's. */
const EVENTS_PER_SECOND = 50;
const SEND_TIMEOUT_MS = 10_000;

/**
 * One tick: a hint for each event that is due before the next tick, those that have waited longest first. Reads what is
 * due and nothing else. Throws `TablesUnavailableError`.
 */
export function makeWakeEvents({ dueEvents, eventHints, partitions, tickMs, now }: WakeEventsParts) {
  const most = Math.max(10, Math.ceil((EVENTS_PER_SECOND * tickMs) / 1000));

  return async (): Promise<{ found: number; sent: boolean }> => {
    const startedAt = now();
    const until = addMs(startedAt, tickMs + TICK_OVERLAP_MS);
    const found = await Promise.all(
      partitionNames(partitions).map((partition) => dueEvents.dueBefore(partition, until, most)),
    );
    const due = found
      .flat()
      .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
      .slice(0, most);
    const hints = due.map((key) => ({ key: eventKey(key), at: key.dueAt }));
    return { found: due.length, sent: await eventHints.send(hints, randomUUID(), startedAt, SEND_TIMEOUT_MS) };
  };
}

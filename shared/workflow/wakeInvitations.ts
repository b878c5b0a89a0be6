import { randomUUID } from 'node:crypto';
import { partitionNames } from '../domain/ids';
import { type Instant, addMs, later, toMs } from '../domain/time';
import type { HintSender } from '../queue/hintSender';
import type { Tables } from '../tables/openTables';
import { type DueWakeUp, dueWakeUps } from '../tables/wakeUps';
import { TICK_OVERLAP_MS } from './sendHint';

export interface WakeParts {
  tables: Tables;
  hints: HintSender;
  partitions: number;
  tickMs: number;
  perSecond: number;
  now: () => Instant;
}

export interface Woken {
  found: number;
  sent: boolean;
  /** When the earliest one was due; undefined when there was none. */
  oldest: Instant | undefined;
  /** Those of them whose time had come before this tick, and was not taken: by a hint that was lost, or for want of pace. */
  overdue: number;
  /** 0 when none is overdue. */
  oldestOverdueSeconds: number;
}

/** Lane 1 gets at least this part of a tick's hints, however long lane 0 is. */
const LANE_1_SHARE = 0.1;
const SEND_TIMEOUT_MS = 10_000;

/**
 * One tick: a hint for each wake-up that is due before the next tick, lane 0 first, never more than twice what Graph
 * takes in that time. Reads what is due and nothing else, so its cost does not grow with the open invitations.
 */
export function makeWakeInvitations(parts: WakeParts) {
  const { tables, partitions, tickMs, perSecond, now } = parts;
  const most = Math.max(10, Math.ceil((2 * perSecond * tickMs) / 1000));

  const readLane = async (lane: 0 | 1, until: Instant, limit: number): Promise<DueWakeUp[]> => {
    const found = await Promise.all(
      partitionNames(partitions).map((partition) => dueWakeUps(tables, partition, lane, until, limit)),
    );
    return found
      .flat()
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .slice(0, limit);
  };

  return async (): Promise<Woken> => {
    const startedAt = now();
    const until = addMs(startedAt, tickMs + TICK_OVERLAP_MS);
    const first = await readLane(0, until, Math.ceil(most * (1 - LANE_1_SHARE)));
    const second = await readLane(1, until, most - first.length);
    const due = [...first, ...second];
    const gapMs = tickMs / most;
    // Overdue ones are spread over the tick instead of all arriving at once.
    const hints = due.map((wakeUp, index) => ({
      id: wakeUp.id,
      wakeUp: wakeUp.key,
      at: due.length > perSecond ? later(wakeUp.at, addMs(startedAt, Math.floor(index * gapMs))) : wakeUp.at,
    }));
    const sent = await parts.hints.send(hints, randomUUID(), startedAt, SEND_TIMEOUT_MS);
    const oldest = due.reduce<Instant | undefined>(earliestOf, undefined);
    return {
      found: due.length,
      sent,
      oldest,
      overdue: due.filter(({ at }) => at < startedAt).length,
      oldestOverdueSeconds: oldest === undefined ? 0 : Math.max(0, (toMs(startedAt) - toMs(oldest)) / 1000),
    };
  };
}

const earliestOf = (best: Instant | undefined, { at }: DueWakeUp): Instant =>
  best !== undefined && best < at ? best : at;

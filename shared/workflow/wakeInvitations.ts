import { randomUUID } from 'node:crypto';
import { partitionNames } from '../domain/ids';
import type { Lane } from '../domain/nextStep';
import { type Instant, addMs, later, toMs } from '../domain/time';
import type { Gate } from '../graph/gate';
import type { HintSender } from '../queue/hintSender';
import type { Tables } from '../tables/openTables';
import { type DueWakeUp, dueWakeUps } from '../tables/wakeUps';
import { TICK_OVERLAP_MS } from './sendHint';

export interface WakeParts {
  tables: Tables;
  hints: HintSender;
  partitions: number;
  tickMs: number;
  gates: Record<'invitations', Pick<Gate, 'demand'>>;
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
/** While callers wait for the gate, a wake-up that is overdue for less has its hint in the queue: another would only be looked at twice. */
const HINTED_AGAIN_AFTER_MS = 600_000;

/**
 * One tick: a hint for each wake-up that is due before the next tick, lane 0 first, never more than twice what Graph
 * takes in that time. Reads what is due and nothing else, so its cost does not grow with the open invitations. While the
 * gate is busy it goes on where the last tick ended.
 */
export function makeWakeInvitations(parts: WakeParts) {
  const { tables, partitions, tickMs, gates, now } = parts;
  /** By lane: hints were sent for all that is due before this. */
  const hintedUntil: { [L in Lane]?: Instant } = {};

  const readAll = async (lane: Lane, range: Range, limit: number): Promise<DueWakeUp[]> => {
    const found = await Promise.all(
      partitionNames(partitions).map((partition) => dueWakeUps(tables, partition, lane, range, limit)),
    );
    return found
      .flat()
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .slice(0, limit);
  };

  const readLane = async (lane: Lane, { startedAt, until, isBusy }: Tick, limit: number): Promise<DueWakeUp[]> => {
    const longAgo = addMs(startedAt, -HINTED_AGAIN_AFTER_MS);
    const from = isBusy ? hintedUntil[lane] : undefined;
    if (from === undefined || from <= longAgo) return readAll(lane, { until }, limit);
    const forgotten = await readAll(lane, { until: longAgo }, limit);
    return [...forgotten, ...(await readAll(lane, { from, until }, limit - forgotten.length))];
  };

  const readDue = async (tick: Tick, most: number): Promise<{ due: DueWakeUp[]; reached: typeof hintedUntil }> => {
    const most0 = Math.ceil(most * (1 - LANE_1_SHARE));
    const first = await readLane(0, tick, most0);
    const most1 = most - first.length;
    const second = await readLane(1, tick, most1);
    const reachedBy = (due: DueWakeUp[], limit: number): Instant =>
      due.length < limit ? tick.until : (due.at(-1)?.at ?? tick.until);
    return { due: [...first, ...second], reached: { 0: reachedBy(first, most0), 1: reachedBy(second, most1) } };
  };

  return async (): Promise<Woken> => {
    const startedAt = now();
    const { perSecond, isBusy } = await gates.invitations.demand();
    const most = Math.max(10, Math.ceil((2 * perSecond * tickMs) / 1000));
    const until = addMs(startedAt, tickMs + TICK_OVERLAP_MS);
    const { due, reached } = await readDue({ startedAt, until, isBusy }, most);
    const gapMs = tickMs / most;
    // Overdue ones are spread over the tick instead of all arriving at once.
    const hints = due.map((wakeUp, index) => ({
      id: wakeUp.id,
      wakeUp: wakeUp.key,
      at: due.length > perSecond ? later(wakeUp.at, addMs(startedAt, Math.floor(index * gapMs))) : wakeUp.at,
    }));
    const sent = await parts.hints.send(hints, randomUUID(), startedAt, SEND_TIMEOUT_MS);
    if (sent) Object.assign(hintedUntil, reached);
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

interface Range {
  from?: Instant;
  until: Instant;
}

interface Tick {
  startedAt: Instant;
  until: Instant;
  isBusy: boolean;
}

const earliestOf = (best: Instant | undefined, { at }: DueWakeUp): Instant =>
  best !== undefined && best < at ? best : at;

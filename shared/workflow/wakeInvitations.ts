import { randomUUID } from 'node:crypto';
import { partitionNames } from '../domain/ids';
import type { Lane } from '../domain/nextStep';
import { type Instant, addMs, earlier, later, toMs } from '../domain/time';
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
/** Of a tick's hints, for those that are overdue for longer. */
const FORGOTTEN_SHARE = 0.1;

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

  const readLane = async (lane: Lane, { startedAt, until, isBusy }: Tick, limit: number): Promise<Read> => {
    const from = isBusy ? hintedUntil[lane] : undefined;
    // The oldest only: in a batch of hours many wait for their turn for so long, and a hint that was lost is among the first.
    const forgotten =
      from === undefined
        ? []
        : await readAll(
            lane,
            { until: earlier(addMs(startedAt, -HINTED_AGAIN_AFTER_MS), from) },
            Math.ceil(limit * FORGOTTEN_SHARE),
          );
    const most = Math.max(1, limit - forgotten.length);
    const due = await readAll(lane, { from, until }, most);
    return { due: [...forgotten, ...due], reached: due.length < most ? until : (due.at(-1)?.at ?? until) };
  };

  return async (): Promise<Woken> => {
    const startedAt = now();
    const { perSecond, isBusy } = await gates.invitations.demand();
    const most = Math.max(10, Math.ceil((2 * perSecond * tickMs) / 1000));
    const until = addMs(startedAt, tickMs + TICK_OVERLAP_MS);
    const tick = { startedAt, until, isBusy };
    const first = await readLane(0, tick, Math.ceil(most * (1 - LANE_1_SHARE)));
    const second = await readLane(1, tick, most - first.due.length);
    const due = [...first.due, ...second.due];
    const gapMs = tickMs / most;
    // Overdue ones are spread over the tick instead of all arriving at once.
    const hints = due.map((wakeUp, index) => ({
      id: wakeUp.id,
      wakeUp: wakeUp.key,
      at: due.length > perSecond ? later(wakeUp.at, addMs(startedAt, Math.floor(index * gapMs))) : wakeUp.at,
    }));
    const sent = await parts.hints.send(hints, randomUUID(), startedAt, SEND_TIMEOUT_MS);
    if (sent) Object.assign(hintedUntil, { 0: first.reached, 1: second.reached });
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
  from?: Instant | undefined;
  until: Instant;
}

interface Read {
  due: DueWakeUp[];
  /** Nothing that is due before was left out. */
  reached: Instant;
}

interface Tick {
  startedAt: Instant;
  until: Instant;
  isBusy: boolean;
}

const earliestOf = (best: Instant | undefined, { at }: DueWakeUp): Instant =>
  best !== undefined && best < at ? best : at;

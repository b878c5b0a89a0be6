import { randomUUID } from 'node:crypto';
import type { Lane } from '../domain/nextStep';
import { type Instant, addMs, earlier, later, toMs } from '../domain/time';
import type { Gate } from '../graph/gate';
import type { HintSender } from '../queue/hintSender';
import { HINTS_PER_SECOND, mostHints, sendEvenly, sendingMs } from '../queue/sendEvenly';
import type { Tables } from '../tables/openTables';
import { type DueRange, type DueWakeUp, dueWakeUps } from '../tables/wakeUps';
import { type ReadPace, makeReadPace, readEarliest } from './readEarliest';
import { TICK_OVERLAP_MS } from './sendHint';

export interface WakeParts {
  tables: Tables;
  hints: Pick<HintSender, 'send'>;
  partitions: number;
  tickMs: number;
  gates: Record<'invitations', Pick<Gate, 'demand'>>;
  now: () => Instant;
  monotonicMs: () => number;
  sleep: (ms: number) => Promise<unknown>;
}

export interface Woken {
  found: number;
  /** Whether all that was found has its hint; the next tick sees to what has not. */
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
/** While callers wait for the gate, a wake-up that is overdue for less has its hint in the queue: another would only be looked at twice. */
const HINTED_AGAIN_AFTER_MS = 600_000;
/** Of a tick's hints, for those that are overdue for longer. */
const FORGOTTEN_SHARE = 0.1;

/**
 * One tick: a hint for each wake-up that is due before the next tick, lane 0 first, never more than twice what Graph
 * takes in that time, sent at a steady pace. Reads what is due and nothing else, so its cost does not grow with the open
 * invitations. While the gate is busy it goes on where the last tick ended. Throws `TablesUnavailableError`.
 */
export function makeWakeInvitations(parts: WakeParts) {
  const { tables, partitions, tickMs, gates, now, monotonicMs, sleep } = parts;
  const hintsPerSecond = HINTS_PER_SECOND.invitations;
  /** By lane: hints were sent for all that is due before this. */
  const hintedUntil: { [L in Lane]?: Instant | undefined } = {};

  const readAll = (lane: Lane, range: DueRange, limit: number, pace: ReadPace): Promise<DueWakeUp[]> =>
    readEarliest(limit, {
      partitions,
      read: (partition, after, most) => dueWakeUps(tables, partition, lane, { ...range, after }, most),
      dueAt: ({ at }) => at,
      pace,
    });

  const readLane = async (lane: Lane, { startedAt, until, isBusy, pace }: Tick, limit: number): Promise<Read> => {
    const from = isBusy ? hintedUntil[lane] : undefined;
    // The oldest only: in a batch of hours many wait for their turn for so long, and a hint that was lost is among the first.
    const forgotten =
      from === undefined
        ? []
        : await readAll(
            lane,
            { until: earlier(addMs(startedAt, -HINTED_AGAIN_AFTER_MS), from) },
            Math.ceil(limit * FORGOTTEN_SHARE),
            pace,
          );
    const most = Math.max(1, limit - forgotten.length);
    const next = await readAll(lane, { from, until }, most, pace);
    const reached = next.length < most ? until : (next.at(-1)?.at ?? until);
    return { forgotten: forgotten.length, due: [...forgotten, ...next], reached };
  };

  return async (): Promise<Woken> => {
    const startedAt = now();
    const untilMs = monotonicMs() + sendingMs(tickMs);
    const { perSecond, isBusy } = await gates.invitations.demand();
    const wanted = Math.max(10, Math.ceil((2 * perSecond * tickMs) / 1000));
    const most = Math.min(wanted, mostHints(hintsPerSecond, tickMs));
    const until = addMs(startedAt, tickMs + TICK_OVERLAP_MS);
    const tick = { startedAt, until, isBusy, pace: makeReadPace(sleep) };
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
    const pace = { perSecond: hintsPerSecond, untilMs, now, monotonicMs, sleep };
    const sent = await sendEvenly(hints, randomUUID(), parts.hints.send, pace);
    hintedUntil[0] = reachedBy(first, sent);
    hintedUntil[1] = reachedBy(second, sent - first.due.length);
    const oldest = due.reduce<Instant | undefined>(earliestOf, undefined);
    return {
      found: due.length,
      sent: sent === due.length,
      oldest,
      overdue: due.filter(({ at }) => at < startedAt).length,
      oldestOverdueSeconds: oldest === undefined ? 0 : Math.max(0, (toMs(startedAt) - toMs(oldest)) / 1000),
    };
  };
}

interface Tick {
  startedAt: Instant;
  until: Instant;
  isBusy: boolean;
  pace: ReadPace;
}

interface Read {
  due: DueWakeUp[];
  /** So many of them, the first, are from before the end of the last tick. */
  forgotten: number;
  /** Nothing that is due before was left out. */
  reached: Instant;
}

/** Nothing that is due before is without a hint, where only the first so many were sent. */
function reachedBy({ due, forgotten, reached }: Read, sent: number): Instant {
  if (sent >= due.length) return reached;
  return due[Math.max(sent, forgotten)]?.at ?? reached;
}

const earliestOf = (best: Instant | undefined, { at }: DueWakeUp): Instant =>
  best !== undefined && best < at ? best : at;

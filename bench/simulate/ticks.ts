import type { Instant } from '../../shared/domain/time';
import type { Gate } from '../../shared/graph/gate';
import { makeWakeInvitations } from '../../shared/workflow/wakeInvitations';
import type { Clock } from './clock';
import { numberOf } from './product';
import type { Queue } from './queue';
import type { WakeUpStore } from './wakeUpStore';

export interface TicksParts {
  clock: Clock;
  now: () => Instant;
  gate: Gate;
  queue: Queue;
  wakeUps: WakeUpStore;
  partitions: number;
  tickMs: number;
  /** Until a batch of messages is taken. */
  queueCallMs: number;
  /** A tick begins; `onTickOver` hears how long it took, its waiting included. */
  onTick: () => void;
  onTickOver: (ms: number) => void;
}

/** Runs the product's wakeInvitations every tick, from the end of the first on. */
export function startTicks(parts: TicksParts): void {
  const { clock, now, gate, queue, wakeUps, partitions, tickMs } = parts;
  const wake = makeWakeInvitations({
    tables: wakeUps.tables,
    hints: {
      send: async (hints) => {
        await clock.sleep(parts.queueCallMs);
        for (const { id, at } of hints) queue.send(numberOf(id), at);
        return true;
      },
    },
    partitions,
    tickMs,
    gates: { invitations: gate },
    now,
    monotonicMs: clock.nowMs,
    sleep: clock.sleep,
  });
  const tick = (): void => {
    parts.onTick();
    clock.at(clock.nowMs() + tickMs, tick);
    clock.stir();
    const beganMs = clock.nowMs();
    wake()
      .then(() => parts.onTickOver(clock.nowMs() - beganMs))
      .catch(clock.fail);
  };
  clock.at(clock.nowMs() + tickMs, tick);
}

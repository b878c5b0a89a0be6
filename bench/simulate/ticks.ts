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
  onTick: () => void;
}

/** As shared/queue/hintSender.ts sends them, one batch after the other. */
const HINTS_A_BATCH = 100;

/** Runs the product's wakeInvitations every tick, from the end of the first on. */
export function startTicks(parts: TicksParts): void {
  const { clock, now, gate, queue, wakeUps, partitions, tickMs } = parts;
  const wake = makeWakeInvitations({
    tables: wakeUps.tables,
    hints: {
      send: async (hints) => {
        for (const [nth, { id, at }] of hints.entries()) {
          if (nth % HINTS_A_BATCH === 0) await clock.sleep(parts.queueCallMs);
          queue.send(numberOf(id), at);
        }
        return true;
      },
      check: () => Promise.resolve(),
    },
    partitions,
    tickMs,
    gates: { invitations: gate },
    now,
  });
  const tick = (): void => {
    parts.onTick();
    clock.at(clock.nowMs() + tickMs, tick);
    clock.stir();
    wake().catch(clock.fail);
  };
  clock.at(clock.nowMs() + tickMs, tick);
}

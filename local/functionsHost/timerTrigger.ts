import type { RpcTypedData } from './coreTypes';
import type { Invoke } from './invoke';
import { toSchedule } from './schedule';
import { toTraceContext } from './traceContext';
import type { HostedFunction, TimerTrigger } from './triggers';
import type { WorkInHand } from './workInHand';

export interface Timer {
  name: string;
  /** The expression, its settings filled in. */
  schedule: string;
  start: () => void;
  /** Runs it now, after the run in hand if there is one. Rejects with what the function threw. */
  fire: () => Promise<void>;
  stop: () => void;
}

interface ScheduleStatus {
  Last: string;
  LastUpdated: string;
  Next: string;
}

/** .NET's default date, with which the real host says "never". */
const never = '0001-01-01T00:00:00+00:00';

/**
 * A timer that runs in this process only: nothing is kept of the runs that fell due while it was not running, and an
 * occurrence that comes while a run is in hand is left out.
 *
 * @throws Error when the expression is none.
 */
export function makeTimer(
  hosted: HostedFunction<TimerTrigger>,
  expression: string,
  { invoke, work }: { invoke: Invoke; work: WorkInHand },
): Timer {
  const schedule = toSchedule(expression);
  const statusAfter = (last: string, at: Date): ScheduleStatus => ({
    Last: last,
    LastUpdated: at.toISOString(),
    Next: schedule.nextRun(at)?.toISOString() ?? never,
  });
  let status = statusAfter(never, new Date());
  let inHand: Promise<void> | undefined;

  const run = (): Promise<void> => {
    inHand = work
      .run(async () => {
        await invoke(hosted, { input: toTimerInput(status), traceContext: toTraceContext() });
      })
      .finally(() => {
        const now = new Date();
        status = statusAfter(now.toISOString(), now);
        inHand = undefined;
      });
    return inHand;
  };
  const runUnlessInHand = () => {
    // `invoke` has logged the failure; the next occurrence is the next try, as in Azure.
    if (!inHand) void run().catch(() => undefined);
  };

  return {
    name: hosted.name,
    schedule: expression,
    start: () => {
      schedule.schedule(runUnlessInHand);
      if (hosted.trigger.runOnStartup) runUnlessInHand();
    },
    fire: async () => {
      while (inHand) await inHand.catch(() => undefined);
      await run();
    },
    stop: () => schedule.stop(),
  };
}

/** In .NET's spelling: the library makes the first letters small. */
function toTimerInput(status: ScheduleStatus): RpcTypedData {
  return { json: JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: status, IsPastDue: false }) };
}

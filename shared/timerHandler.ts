import type { TimerHandler } from '@azure/functions';
import type { GraphFault } from './graph/faults';
import { MisconfiguredError } from './misconfiguredError';
import { TablesUnavailableError } from './tables/tablesError';
import type { EventName, FieldsOf } from './telemetry/events';
import { functionRun } from './telemetry/functionRun';
import { logEvent } from './telemetry/log';

/** What a run that came through found, and a sentence for people where there is something to say. */
export type TimerRun = Omit<FieldsOf<'timerRan'>, 'timer' | 'ms'> & { said?: string };

/**
 * A timer's run, each logged as `timerRan`: alerts miss the line where there is none. A failure is logged and made up for by
 * the next run. Unknown errors are rethrown. `run` gives undefined where it has told already why it came to nothing.
 */
export const timerHandler = (timer: string, run: () => Promise<TimerRun | undefined>): TimerHandler =>
  functionRun(
    async () => {
      const startedAt = performance.now();
      try {
        const ran = await run();
        if (!ran) return;
        const { said = `${timer} ran; there was nothing to do.`, ...found } = ran;
        logEvent('timerRan', said, { timer, ...found, ms: Math.round(performance.now() - startedAt) });
      } catch (error) {
        if (error instanceof MisconfiguredError) logEvent('misconfigured', error.message);
        else if (error instanceof TablesUnavailableError)
          logEvent('unavailable', `${error.message}. The next run tries again.`, { errorCode: error.code });
        else throw error;
      }
    },
    { handsOnTrace: false },
  );

/** Tells why a run left Graph alone: as an error where somebody has to act (401, 403 and other refusals). */
export function logGraphFault({ type, fault }: GraphFault): void {
  const said = `Microsoft Graph gave no answer to use (${fault.code}): ${fault.message} The next run tries again.`;
  logEvent(EVENT_OF_FAULT[type], said, { limit: 'users', errorCode: fault.code });
}

const EVENT_OF_FAULT = {
  tenant: 'consentLost',
  refused: 'graphRefused',
  throttled: 'throttled',
  later: 'graphAway',
  unknown: 'graphAway',
} as const satisfies Record<GraphFault['type'], EventName>;

/** Best effort, so it is no fault: the next tick finds what this one could not send. */
export const logHintsNotSent = (): void =>
  logEvent('hintsNotSent', 'Service Bus did not take all hints; the next tick sends them again.');

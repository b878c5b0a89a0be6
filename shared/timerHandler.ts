import type { InvocationContext, TimerHandler } from '@azure/functions';
import type { GraphFault } from './graph/faults';
import { MisconfiguredError } from './misconfiguredError';
import { TablesUnavailableError } from './tables/tablesError';

/** A timer's run whose failure is logged and made up for by the next run. Unknown errors are rethrown. */
export const timerHandler =
  (run: (context: InvocationContext) => Promise<void>): TimerHandler =>
  async (_timer, context) => {
    try {
      await run(context);
    } catch (error) {
      if (error instanceof MisconfiguredError) context.error(error.message);
      else if (error instanceof TablesUnavailableError) context.error(`${error.message}. The next run tries again.`);
      else throw error;
    }
  };

/** Tells why a run left Graph alone: as an error where somebody has to act (401, 403 and other refusals). */
export function logGraphFault(
  { type, fault }: GraphFault,
  log: { warn: (message: string) => void; error: (message: string) => void },
): void {
  const needsSomebody = type === 'tenant' || type === 'refused';
  const said = `Microsoft Graph gave no answer to use (${fault.code}): ${fault.message} The next run tries again.`;
  if (needsSomebody) log.error(said);
  else log.warn(said);
}

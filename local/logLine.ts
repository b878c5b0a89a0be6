import { sentenceIn } from '../shared/telemetry/log';
import type { FunctionsHostOptions } from './functionsHost/startFunctionsHost';

type LogEntry = Parameters<NonNullable<FunctionsHostOptions['onLog']>>[0];

/** Whether a person at a terminal wants it: traces are for tools, and a timer that finds nothing is no news. */
export const isForPeople = ({ level, message }: LogEntry): boolean =>
  level !== 'trace' && level !== 'debug' && !OF_EACH_TICK.test(message);

/** As `logEvent` writes them (shared/telemetry/log.ts). */
const OF_EACH_TICK = /^\{"event":(?:"gatePace"|"timerRan".*"found":0[,}])/;

/** A line for people: `09:15:02 advanceInvitation  Invitation …`, with the level only where it matters. */
export function logLine(entry: LogEntry, now: Date): string {
  const time = now.toISOString().slice(11, 19);
  const level = ['warning', 'error', 'critical'].includes(entry.level) ? `${entry.level.toUpperCase()} ` : '';
  return `${time} ${(entry.functionName ?? 'host').padEnd(18)} ${level}${sentenceIn(entry.message)}`;
}

import { sentenceIn } from '../shared/telemetry/log';
import type { FunctionsHostOptions } from './functionsHost/startFunctionsHost';

type LogEntry = Parameters<NonNullable<FunctionsHostOptions['onLog']>>[0];

/** Whether a person at a terminal wants it; traces are for tools. */
export const isForPeople = ({ level }: LogEntry): boolean => level !== 'trace' && level !== 'debug';

/** A line for people: `09:15:02 advanceInvitation  Invitation …`, with the level only where it matters. */
export function logLine(entry: LogEntry, now: Date): string {
  const time = now.toISOString().slice(11, 19);
  const level = ['warning', 'error', 'critical'].includes(entry.level) ? `${entry.level.toUpperCase()} ` : '';
  return `${time} ${(entry.functionName ?? 'host').padEnd(18)} ${level}${sentenceIn(entry.message)}`;
}

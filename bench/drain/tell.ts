import { numberText } from '../table';
import type { OurRun } from './ours';

/** One run in a line, for who waits. */
export function lineOf(run: OurRun): string {
  const { drainPercent, lastMs, idealMs, sendP99Ms, graphP99Ms, statuses, errors } = run;
  const drain = drainPercent === undefined ? `${run.lost} not through` : `drain ${drainPercent.toFixed(1)} %`;
  const times = lastMs === undefined ? '' : ` (${seconds(idealMs)} ideal, ${seconds(lastMs)} taken)`;
  return [
    `${drain}${times}`,
    `refused ${run.refused}, forced 503s ${run.forced}, doubled ${run.doubled}`,
    `p99 of a send ${sendP99Ms.toFixed(0)} ms, Graph's ${graphP99Ms.toFixed(0)} ms`,
    `for one: ${numberText(run.tableRequests)} table requests, ${numberText(run.messages)} messages, ${numberText(run.otherRequests)} look-ups, ${numberText(run.cpuMs)} ms CPU`,
    `CPU of workers ${run.cpuPercentOfWorkers.join('/')} %`,
    Object.entries(statuses)
      .map(([status, count]) => `${status} ${count}`)
      .join(', '),
    ...errors,
  ].join('; ');
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

import type { GraphAnswer, GraphResult } from './callGraph';
import type { GraphFault } from './faults';

export const isOk = (result: GraphResult): result is GraphAnswer =>
  result.type === 'answer' && result.status >= 200 && result.status < 300;

/** Graph's own clock when it answered. */
export const dateOf = (result: GraphResult): string | undefined => {
  const date = result.type === 'answer' && result.date !== undefined ? Date.parse(result.date) : NaN;
  return Number.isNaN(date) ? undefined : new Date(date).toISOString();
};

export const unreadable: GraphFault = {
  type: 'unknown',
  fault: { code: 'unreadableAnswer', message: 'Graph’s answer can’t be read.' },
};

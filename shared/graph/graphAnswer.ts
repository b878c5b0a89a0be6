import { z } from 'zod';
import type { GraphAnswer, GraphResult } from './callGraph';
import type { GraphFault } from './faults';

export const isOk = (result: GraphResult): result is GraphAnswer =>
  result.type === 'answer' && result.status >= 200 && result.status < 300;

/** An id of Graph's. What is far longer than any is none. */
export const answeredId = z.string().min(1).max(256);

/** A word or a name in Graph's answer, fit to be stored: bounded, and without what table servers do not take. */
export const answeredText = z
  .string()
  .transform((text) => text.slice(0, 256).replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/gu, ' '));

/** Graph's own clock when it answered. */
export const dateOf = (result: GraphResult): string | undefined => {
  const date = result.type === 'answer' && result.date !== undefined ? Date.parse(result.date) : NaN;
  return Number.isNaN(date) ? undefined : new Date(date).toISOString();
};

export const unreadable: GraphFault = {
  type: 'unknown',
  fault: { code: 'unreadableAnswer', message: 'Graph’s answer can’t be read.' },
};

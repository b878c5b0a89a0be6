import { isSafeNumber, parse, stringify } from 'lossless-json';

/** As many digits as a number beyond 2^53 has; what is in a string only costs the slower way. */
const LONG_NUMBER = /\d{16}/;

/** Whoever reads a value calls itself for each level of it, so one of thousands would end the stack. */
const MOST_LEVELS = 100;

/**
 * JSON as JSON.parse reads it, except that whole numbers beyond 2^53 come as bigint with every digit. Throws as JSON.parse
 * does, and a RangeError where more than 100 levels are nested.
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (openings(text) > MOST_LEVELS && levelsOf(text) > MOST_LEVELS)
    throw new RangeError(`More than ${MOST_LEVELS} levels are nested.`);
  return LONG_NUMBER.test(text)
    ? parse(text, undefined, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue })
    : value;
}

/** Nothing is nested deeper than this, and counting these is cheap. */
const openings = (text: string): number => text.match(/[[{]/g)?.length ?? 0;

/** How deep valid JSON is nested; brackets within a text are none. */
function levelsOf(text: string): number {
  let level = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') level += 1;
    if (token === ']' || token === '}') level -= 1;
    deepest = Math.max(deepest, level);
  }
  return deepest;
}

const exactNumber = (text: string): number | bigint =>
  isSafeNumber(text) || !/^-?\d+$/.test(text) ? Number(text) : BigInt(text);

/** JSON in which a bigint is a number with every digit. */
export const stringifyExactly = (value: object): string => String(stringify(value));

import { isSafeNumber, parse, stringify } from 'lossless-json';

/** As many digits as a number beyond 2^53 has; what is in a string only costs the slower way. */
const LONG_NUMBER = /\d{16}/;

/**
 * JSON as JSON.parse reads it, except that whole numbers beyond 2^53 come as bigint with every digit. Throws as JSON.parse
 * does.
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return LONG_NUMBER.test(text) ? parse(text, undefined, { parseNumber: exactNumber }) : value;
}

const exactNumber = (text: string): number | bigint =>
  isSafeNumber(text) || !/^-?\d+$/.test(text) ? Number(text) : BigInt(text);

/** JSON in which a bigint is a number with every digit. */
export const stringifyExactly = (value: object): string => stringify(value) ?? 'null';

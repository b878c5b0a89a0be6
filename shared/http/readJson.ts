import type { HttpRequest } from '@azure/functions';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { parseExactly } from '../domain/exactJson';
import { type ErrorAnswer, errorAnswer } from './errors';

export const MOST_BYTES = 64 * 1024;

export type ReadJson = { ok: true; body: unknown } | { ok: false; answer: ErrorAnswer };

const refuse = (...parts: Parameters<typeof errorAnswer>): ReadJson => ({ ok: false, answer: errorAnswer(...parts) });

/** Reads a JSON body: 415 for another content type, 413 over the limit, 400 that says where the JSON is broken. */
export async function readJson(request: HttpRequest, mostBytes = MOST_BYTES): Promise<ReadJson> {
  const contentType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (contentType !== 'application/json' && !contentType.endsWith('+json')) {
    const given = contentType === '' ? 'no Content-Type' : `Content-Type ${shownType(contentType)}`;
    return refuse(415, 'unsupportedMediaType', `The request has ${given}. Send Content-Type: application/json.`);
  }
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > mostBytes) {
    return refuse(413, 'bodyTooLarge', `The body has ${bytes.byteLength} bytes; ${mostBytes} is the most.`);
  }
  return parseBytes(bytes);
}

/** What is none is not repeated: a header holds whatever a caller, or who made it send that, put there. */
const shownType = (contentType: string): string =>
  /^[\w.+-]+\/[\w.+-]+$/.test(contentType) && contentType.length <= 100 ? contentType : 'of no known form';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function parseBytes(bytes: ArrayBuffer): ReadJson {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    return refuse(400, 'invalidJson', 'The body is not UTF-8 text.');
  }
  try {
    return { ok: true, body: parseExactly(text) };
  } catch (error) {
    const what = error instanceof RangeError ? TOO_DEEP : `not valid JSON: ${whereBroken(text)}`;
    return refuse(400, 'invalidJson', `The body is ${what}.`);
  }
}

const TOO_DEEP = 'nested too deep: no request has a hundred levels';

/** The engine's own message quotes the body, which may hold an address, and often names no place. */
function whereBroken(text: string): string {
  if (text.trim() === '') return 'it is empty';
  const first = firstError(text);
  if (first === 'tooDeep') return 'it is nested too deep';
  if (!first) return 'it can’t be read';
  const before = text.slice(0, first.offset);
  const line = before.split('\n').length;
  const column = first.offset - before.lastIndexOf('\n');
  const what = printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return `${what} at line ${line}, column ${column}`;
}

/** The parser calls itself for each level, so a body of nothing but brackets is more than the stack holds. */
function firstError(text: string): ParseError | 'tooDeep' | undefined {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    if (error instanceof RangeError) return 'tooDeep';
    throw error;
  }
  return errors[0];
}

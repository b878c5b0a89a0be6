import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { parseExactly } from '../../shared/domain/exactJson';
import { usageFault } from '../cliFault';
import type { Entry, RequestBody } from './people';

/** Reads requests from a JSON array, `{"invitations": […]}`, one object, or JSON lines. Numbers keep all their digits. */
export function readJson(text: string, name: string): Entry[] {
  const whole = read(text);
  if (whole === undefined) {
    const lines = text.split(/\r?\n/);
    const isLines =
      text.trimStart().startsWith('{') && read(lines.find((line) => line.trim() !== '') ?? '') !== undefined;
    if (!isLines) throw usageFault(`${name} is no valid JSON: ${whereBroken(text)}.`);
    return lines.flatMap((line, index) => (line.trim() === '' ? [] : [entryOf(index + 1, line)]));
  }
  const list = listOf(whole.value);
  if (list.length === 0) throw usageFault(`${name} holds nobody.`);
  return list.map((value, index) =>
    isObject(value) ? { line: index + 1, body: value } : { line: index + 1, fault: NO_OBJECT },
  );
}

const NO_OBJECT = 'is no JSON object: {"invitedUserEmailAddress": "…"}.';

const isObject = (value: unknown): value is RequestBody =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (isObject(value) && Array.isArray(value['invitations'])) return value['invitations'];
  return [value];
}

function entryOf(line: number, text: string): Entry {
  const parsed = read(text);
  if (parsed === undefined) return { line, fault: `is no valid JSON: ${whereBroken(text)}.` };
  return isObject(parsed.value) ? { line, body: parsed.value } : { line, fault: NO_OBJECT };
}

function read(text: string): { value: unknown } | undefined {
  try {
    return { value: parseExactly(text) };
  } catch {
    return undefined;
  }
}

/** The engine's own message quotes the text and often names no place. */
function whereBroken(text: string): string {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  const [first] = errors;
  if (!first) return 'it is nested too deep';
  const what = printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  const before = text.slice(0, first.offset);
  const column = `column ${first.offset - before.lastIndexOf('\n')}`;
  return `${what} at ${text.includes('\n') ? `line ${before.split('\n').length}, ` : ''}${column}`;
}

import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { parseExactly } from '../../shared/domain/exactJson';
import { usageFault } from '../cliFault';
import type { Entry, RequestBody } from './people';
import { linesOf, withLineFeeds } from './textParts';

/** Characters of a document that has to be read as a whole, and of a line. */
const LONGEST = 64 * 2 ** 20;

/**
 * Reads requests from JSON lines, or from a JSON array, `{"invitations": […]}` or one object, which are read as a whole.
 * Numbers keep all their digits.
 */
export async function* readJson(text: AsyncGenerator<string, void>, name: string): AsyncGenerator<Entry> {
  const tooLong = () =>
    usageFault(
      `${name} holds more than 64 MiB in one piece. JSON lines, one object a line, and CSV may be of any length.`,
    );
  const lines = linesOf(withLineFeeds(text), LONGEST, tooLong);
  const start = await startOf(lines);
  if (!areJsonLines(start)) return yield* entriesOf(await joined(start, lines, tooLong), name);
  for (const [index, line] of start.entries()) yield* entriesOfLine(index + 1, line);
  let number = start.length;
  for await (const line of lines) yield* entriesOfLine((number += 1), line);
}

const isBlank = (line: string): boolean => line.trim() === '';

/** Up to the second line that isn't blank, or all. */
async function startOf(lines: AsyncGenerator<string, void>): Promise<string[]> {
  const start: string[] = [];
  for (let written = 0; written < 2;) {
    const { value, done } = await lines.next();
    if (done) return start;
    start.push(value);
    if (!isBlank(value)) written += 1;
  }
  return start;
}

/** A whole object on the first line and something behind it: no document of one piece begins so. */
function areJsonLines(start: string[]): boolean {
  const [first = '', second] = start.filter((line) => !isBlank(line));
  return second !== undefined && first.trimStart().startsWith('{') && read(first) !== undefined;
}

async function joined(start: string[], rest: AsyncIterable<string>, tooLong: () => Error): Promise<string> {
  const lines = [...start];
  let length = 0;
  for await (const line of rest) {
    length += line.length + 1;
    if (length > LONGEST) throw tooLong();
    lines.push(line);
  }
  return lines.join('\n');
}

function entriesOf(text: string, name: string): Entry[] {
  const whole = read(text);
  if (!whole) throw usageFault(`${name} is no valid JSON: ${whereBroken(text)}.`);
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

function entriesOfLine(line: number, text: string): Entry[] {
  if (isBlank(text)) return [];
  const parsed = read(text);
  if (!parsed) return [{ line, fault: `is no valid JSON: ${whereBroken(text)}.` }];
  return [isObject(parsed.value) ? { line, body: parsed.value } : { line, fault: NO_OBJECT }];
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

import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { type BulkEntry, MOST_IN_BULK, sizeOf } from '../domain/bulkEntry';
import { type Column, columnOf, putCell } from '../domain/csvColumns';
import { type ErrorAnswer, type ErrorDetail, errorAnswer } from './errors';

export type ReadEntries = { ok: true; entries: BulkEntry[] } | { ok: false; answer: ErrorAnswer };

/** No header has as many columns. A line of nothing but delimiters takes seconds to read, and so do a million empty lines. */
const MOST_COLUMNS = 200;
const MOST_DELIMITERS_A_LINE = 10_000;
const MOST_RECORDS = 10_000;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export const tooManyEntries = (): ErrorAnswer =>
  errorAnswer(
    413,
    'tooManyEntries',
    `One call makes ${MOST_IN_BULK} invitations at most, and each recipient counts as one. Send the rest in another.`,
  );

/**
 * Reads CSV (RFC 4180; UTF-8, any line ends, `,` or `;`) with a header line of property names, or with that of Microsoft's
 * template and its version before it. Cells are taken as they are: what a spreadsheet would take for a formula is text.
 * Answers 400 for what is no such CSV, 413 for too many entries; what is wrong with one line is told of that entry.
 */
export function readCsv(bytes: Buffer): ReadEntries {
  if (!isUtf8(bytes)) return refuse('The CSV is not UTF-8 text. In Excel, save it as “CSV UTF-8”.');
  const delimiter = delimiterOf(bytes);
  if (isTooWide(bytes, delimiter.charCodeAt(0))) return refuse(TOO_WIDE);
  const table = makeTable();
  let line = 1;
  let end = 0;
  try {
    parse(bytes, {
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      on_record: (cells: string[], context) => {
        table.add(cells, line);
        line += lineEndsIn(bytes.subarray(end, context.bytes));
        end = context.bytes;
        return null;
      },
    });
  } catch (error) {
    if (error instanceof Refused) return { ok: false, answer: error.answer };
    // The parser's own message quotes the cell.
    if (error instanceof CsvError)
      return refuse(`The CSV is broken in the entry at line ${line}: ${whatIsBroken(error)}.`);
    throw error;
  }
  return table.end();
}

/** What ends the reading. */
class Refused extends Error {
  constructor(readonly answer: ErrorAnswer) {
    super('The CSV is refused.');
  }
}

const invalidCsv = (message: string, details?: ErrorDetail[]): ErrorAnswer =>
  errorAnswer(400, 'invalidCsv', message, details ? { details } : {});

const refuse = (message: string): ReadEntries => ({ ok: false, answer: invalidCsv(message) });

const TOO_WIDE = `The CSV has a line of more than ${MOST_COLUMNS} cells.`;

const whatIsBroken = ({ code }: CsvError): string =>
  code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'a quote is not closed'
    : 'a quote stands where none may; put the whole cell in quotes, and each quote within it twice';

/** Takes records one after the other: version, header, entries. */
function makeTable() {
  const entries: BulkEntry[] = [];
  let columns: (Column | undefined)[] | undefined;
  let records = 0;
  let size = 0;

  const add = (cells: string[], line: number): void => {
    records += 1;
    if (records > MOST_RECORDS) throw new Refused(tooManyEntries());
    if (cells.length > MOST_COLUMNS) throw new Refused(invalidCsv(TOO_WIDE));
    if (cells.every((cell) => cell.trim() === '')) return;
    if (!columns) {
      if (!isVersion(cells)) columns = readHeader(cells);
      return;
    }
    const entry = entryOf(cells, columns, line);
    size += sizeOf(entry.body);
    if (size > MOST_IN_BULK) throw new Refused(tooManyEntries());
    entries.push(entry);
  };

  const end = (): ReadEntries =>
    columns ? { ok: true, entries } : refuse('The CSV has no header line with the names of its columns.');

  return { add, end };
}

/** Microsoft's template begins with its version; spreadsheets put delimiters behind it. */
function isVersion([first = '', ...more]: string[]): boolean {
  const [, version] = /^version:(.*)$/i.exec(first.trim()) ?? [];
  if (version === undefined) return false;
  if (version.trim().toLowerCase() === 'v1.0' && more.every((cell) => cell.trim() === '')) return true;
  throw new Refused(invalidCsv('The CSV is of a version that is not known here; version:v1.0 is.'));
}

/** A column without a heading is let be as long as nothing stands in it. */
function readHeader(headings: string[]): (Column | undefined)[] {
  const columns = headings.map((heading) => (heading.trim() === '' ? undefined : columnOf(heading)));
  const targets = columns.map((column) => column?.path.join('.'));
  const faults = headings.flatMap((heading, index): ErrorDetail[] => {
    if (heading.trim() === '') return [];
    const name = shownName(heading);
    const target = targets[index];
    if (target === undefined) return [unknownColumn(name)];
    return targets.indexOf(target) < index ? [repeatedColumn(name, target)] : [];
  });
  if (faults.length === 0) return columns;
  const details = faults.slice(0, MOST_FAULTS);
  throw new Refused(invalidCsv('The header line of the CSV is not valid; details names every column.', details));
}

const MOST_FAULTS = 50;

const unknownColumn = (name: string): ErrorDetail => ({
  code: 'unknownColumn',
  target: name,
  message: `${name} is not a column that is known here. Take it out or correct its name.`,
});

const repeatedColumn = (name: string, target: string): ErrorDetail => ({
  code: 'repeatedColumn',
  target: name,
  message: `${name} is the second column for ${target}. Take one of them out.`,
});

/** Without a header the first line holds addresses: only what looks like a name is repeated. */
const shownName = (heading: string): string =>
  /^[\p{L}\p{M}\p{N}_ .:()[\]$-]{1,100}$/u.test(heading.trim()) ? heading.trim() : '(no name)';

function entryOf(cells: string[], columns: (Column | undefined)[], line: number): BulkEntry {
  const body: Record<string, unknown> = {};
  const faults: ErrorDetail[] = [];
  for (const [index, cell] of cells.entries()) {
    const column = columns[index];
    if (column) putCell(body, column, cell);
    else if (cell.trim() !== '') faults.push(withoutColumn(index + 1));
  }
  const asked = faults.map((fault) => ({ ...fault, target: fault.target ?? 'body' }));
  return { body, line, ...(faults.length > 0 ? { faults: asked } : {}) };
}

const withoutColumn = (number: number): ErrorDetail => ({
  code: 'cellWithoutColumn',
  target: `cell ${number}`,
  message: `Cell ${number} stands in no column of the header. A cell that holds the delimiter belongs in quotes.`,
});

/** The one that parts the headings: the first line that holds some. */
function delimiterOf(bytes: Buffer): ',' | ';' {
  const lines = bytes
    .subarray(0, 64 * 1024)
    .toString()
    .split(/\r\n|\n|\r/);
  const header = lines.find((text) => !/^\ufeff?version:/i.test(text) && /[^\s,;\ufeff]/.test(text)) ?? '';
  const unquoted = header.replace(/"[^"]*"/g, '');
  return unquoted.split(';').length > unquoted.split(',').length ? ';' : ',';
}

function isTooWide(bytes: Buffer, delimiter: number): boolean {
  let count = 0;
  for (const byte of bytes) {
    if (byte === LINE_FEED || byte === CARRIAGE_RETURN) count = 0;
    else if (byte === delimiter) count += 1;
    if (count > MOST_DELIMITERS_A_LINE) return true;
  }
  return false;
}

function lineEndsIn(bytes: Buffer): number {
  let count = 0;
  for (const [index, byte] of bytes.entries()) {
    if (byte === LINE_FEED || (byte === CARRIAGE_RETURN && bytes[index + 1] !== LINE_FEED)) count += 1;
  }
  return count;
}

import { CsvError, parse } from 'csv-parse/sync';
import { usageFault } from '../cliFault';
import { COLUMN_NAMES } from '../../shared/domain/csvColumns';
import { columnOf, requestOf } from './columns';
import type { Entry } from './people';

export interface CsvLine {
  number: number;
  cells: string[];
}

/**
 * Reads CSV with a header line, Microsoft's template for inviting guests in bulk with its `version:v1.0`
 * (https://learn.microsoft.com/entra/external-id/tutorial-bulk-invite), or addresses alone, one a line. `,`, `;` and tab
 * separate. A line that doesn't fit is an entry with a fault; what makes the whole file unreadable throws.
 */
export function readCsv(text: string, name: string): Entry[] {
  const [first, ...others] = csvTable(text, name);
  if (!first) throw usageFault(`${name} is empty.`);
  const isTemplate = /^version:/i.test(first.cells[0] ?? '');
  const [head, ...lines] = isTemplate ? others : [first, ...others];
  if (!head) throw usageFault(`${name} has a version line and nothing below it.`);
  if (head.cells.length === 1 && head.cells[0]?.includes('@')) {
    return [head, ...lines].map((line) => entryOf(line, ['invitedUserEmailAddress']));
  }
  checkHeader(head.cells, name);
  if (lines.length === 0) throw usageFault(`${name} has a header line and nobody below it.`);
  return lines.map((line) => entryOf(line, head.cells));
}

/** The lines of any CSV; empty ones are passed over. */
export function csvTable(text: string, name: string): CsvLine[] {
  try {
    // The parser counts a CRLF within quotes as two lines, and takes the first kind of line end for all.
    const records = parse(text.replace(/\r\n?/g, '\n'), {
      record_delimiter: '\n',
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ cells: record, number: info.lines - lineEnds(record) }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw usageFault(
      `${name} can’t be read as CSV from line ${Number(error['lines'])} on: a quote (") there is not closed, or stands where none belongs.`,
    );
  }
}

/** The parser tells where a record ends; people look for where it begins. */
const lineEnds = (cells: string[]): number => cells.join('').split('\n').length - 1;

/** What stands most often in the first two lines: the version line of the template may hold none. */
function delimiterOf(text: string): string {
  const head = text
    .split(/\r?\n/, 2)
    .join('\n')
    .replace(/"[^"]*"/g, '');
  const count = (each: string): number => head.split(each).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** One of these has to be there: it says who is invited, by kind. */
const PERSONS = ['invitedUserEmailAddress', 'recipients', 'invitee'];

function checkHeader(header: string[], name: string): void {
  const unknown = header.filter((each) => columnOf(each) === undefined);
  if (unknown.length > 0) {
    const which = unknown.map((each) => `"${each}"`).join(', ');
    throw usageFault(
      `${name} has columns that mean nothing here: ${which}. Take them out, or call them metadata.NAME to keep them. The columns there are:\n  ${COLUMN_NAMES.join('\n  ')}`,
    );
  }
  const paths = header.map((each) => columnOf(each)?.path.join('.') ?? '');
  const twice = header.find((_, index) => paths.indexOf(paths[index] ?? '') !== index);
  if (twice !== undefined) throw usageFault(`${name} has two columns for the same: "${twice}" is the second.`);
  if (!PERSONS.some((path) => paths.includes(path))) {
    throw usageFault(
      `${name} has no column with addresses. Its first line names the columns: invitedUserEmailAddress, …`,
    );
  }
}

function entryOf({ number, cells }: CsvLine, header: string[]): Entry {
  if (cells.length > header.length) {
    const fault = `has ${cells.length} cells where the header names ${header.length}: put a cell that holds a separator in quotes.`;
    return { line: number, fault };
  }
  return {
    line: number,
    body: requestOf(
      header.flatMap((each) => columnOf(each) ?? []),
      cells,
    ),
  };
}

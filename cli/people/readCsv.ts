import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { COLUMN_NAMES, type Column } from '../../shared/domain/csvColumns';
import { usageFault } from '../cliFault';
import { columnOf, requestOf } from './columns';
import type { Entry } from './people';
import { peek, withLineFeeds } from './textParts';

export interface CsvLine {
  number: number;
  cells: string[];
}

/** Characters. Far more than the app takes for one person; a quote that is not closed gets there. */
const LONGEST_RECORD = 2 ** 20;

/**
 * Reads CSV with a header line, Microsoft's template for inviting guests in bulk with its `version:v1.0`
 * (https://learn.microsoft.com/entra/external-id/tutorial-bulk-invite), or addresses alone, one a line. `,`, `;` and tab
 * separate. A line that doesn't fit is an entry with a fault; what makes the whole file unreadable throws, once it is met.
 */
export async function* readCsv(text: AsyncGenerator<string, void>, name: string): AsyncGenerator<Entry> {
  let columns: Column[] | undefined;
  let isTemplate = false;
  let isAnybody = false;
  for await (const line of csvLines(text, name)) {
    const isVersion: boolean = !columns && !isTemplate && /^version:/i.test(line.cells[0] ?? '');
    isTemplate ||= isVersion;
    if (isVersion) continue;
    const isHeader = !columns && !isAddressAlone(line);
    columns ??= isHeader ? columnsOf(line.cells, name) : ADDRESS_ALONE;
    if (isHeader) continue;
    isAnybody = true;
    yield entryOf(line, columns);
  }
  if (isAnybody) return;
  if (columns) throw usageFault(`${name} has a header line and nobody below it.`);
  throw usageFault(isTemplate ? `${name} has a version line and nothing below it.` : `${name} is empty.`);
}

const isAddressAlone = ({ cells: [cell = '', ...others] }: CsvLine): boolean =>
  others.length === 0 && cell.includes('@');

const ADDRESS_ALONE = [columnOf('invitedUserEmailAddress')].flatMap((column) => column ?? []);

/** The lines of any CSV; empty ones are passed over. */
export async function* csvLines(text: AsyncGenerator<string, void>, name: string): AsyncGenerator<CsvLine> {
  const { head, all } = await peek(withLineFeeds(text), hasTwoLines);
  // The parser counts a CRLF within quotes as two lines, and takes the first kind of line end for all.
  const parser = parse({
    record_delimiter: '\n',
    bom: true,
    delimiter: delimiterOf(head),
    info: true,
    max_record_size: LONGEST_RECORD,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    trim: true,
  });
  // What breaks the reading off is thrown where the parser is read.
  pipeline(Readable.from(all), parser, () => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { cells: record, number: info.lines - lineEnds(record) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw usageFault(
      `${name} can’t be read as CSV from line ${Number(error['lines'])} on: a quote (") there is not closed, or stands where none belongs.`,
    );
  }
}

/** The parser tells where a record ends; people look for where it begins. */
const lineEnds = (cells: string[]): number => cells.join('').split('\n').length - 1;

const hasTwoLines = (head: string): boolean => head.split('\n', 3).length === 3 || head.length > LONGEST_RECORD;

/** What stands most often in the first two lines: the version line of the template may hold none. */
function delimiterOf(text: string): string {
  const head = text
    .split('\n', 2)
    .join('\n')
    .replace(/"[^"]*"/g, '');
  const count = (each: string): number => head.split(each).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** One of these has to be there: it says who is invited, by kind. */
const PERSONS = ['invitedUserEmailAddress', 'recipients', 'invitee'];

function columnsOf(header: string[], name: string): Column[] {
  const unknown = header.filter((each) => columnOf(each) === undefined);
  if (unknown.length > 0) {
    const which = unknown.map((each) => `"${each}"`).join(', ');
    throw usageFault(
      `${name} has columns that mean nothing here: ${which}. Take them out, or call them metadata.NAME to keep them. The columns there are:\n  ${COLUMN_NAMES.join('\n  ')}`,
    );
  }
  const columns = header.flatMap((each) => columnOf(each) ?? []);
  const paths = columns.map(({ path }) => path.join('.'));
  const twice = header.find((_, index) => paths.indexOf(paths[index] ?? '') !== index);
  if (twice !== undefined) throw usageFault(`${name} has two columns for the same: "${twice}" is the second.`);
  if (!PERSONS.some((path) => paths.includes(path))) {
    throw usageFault(
      `${name} has no column with addresses. Its first line names the columns: invitedUserEmailAddress, …`,
    );
  }
  return columns;
}

function entryOf({ number: line, cells }: CsvLine, columns: Column[]): Entry {
  if (cells.length <= columns.length) return { line, body: requestOf(columns, cells) };
  const fault = `has ${cells.length} cells where the header names ${columns.length}: put a cell that holds a separator in quotes.`;
  return { line, fault };
}

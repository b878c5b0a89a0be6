import Table from 'cli-table3';
import type { Look } from './terminal';
import { printable } from './text';

export interface Column {
  name: string;
  /** Left out where the terminal is too narrow for all; the last such column goes first. */
  isOptional?: true;
}

const GAP = '  ';
/** Below that, a terminal breaks the lines instead. */
const LEAST_LAST = 20;

const NO_BORDER = Object.fromEntries(
  ['top', 'mid', 'bottom']
    .flatMap((edge) => [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`])
    .concat('left', 'left-mid', 'mid-mid', 'right', 'right-mid')
    .map((place) => [place, '']),
);

/**
 * A table without borders, so that it reads as well in a pipe. A terminal that is too narrow for it gets fewer columns;
 * then a last column that is broken into lines; then one that stands below the others. Only there an id is never cut.
 */
export function table(columns: Column[], rows: string[][], look: Look): string {
  const cells = rows.map((row) => row.map(printable));
  const width = look.width ?? Infinity;
  const shown = fitting(columns, cells, width);
  const widths = shown.map((column) => widthOf(columns, cells, column));
  const names = shown.map((column) => columns[column]?.name ?? '');
  const body = cells.map((row) => shown.map((column) => row[column] ?? ''));
  const room = width - sum(widths.slice(0, -1)) - GAP.length * (widths.length - 1);
  const longestWord = Math.max(0, ...body.flatMap((row) => (row.at(-1) ?? '').split(' ').map((word) => word.length)));
  if (room < Math.min(widths.at(-1) ?? 0, Math.max(LEAST_LAST, longestWord))) return stacked(names, body, widths, look);
  const last = Math.min(widths.at(-1) ?? 0, room);
  return drawn(names, body, [...widths.slice(0, -1), last], look);
}

function drawn(names: string[], body: string[][], widths: number[], look: Look): string {
  const made = new Table({
    style: { 'padding-left': 0, 'padding-right': 0, border: [], head: [] },
    chars: { ...NO_BORDER, middle: GAP },
    colWidths: [...widths.slice(0, -1).map(() => null), widths.at(-1) ?? null],
    wordWrap: true,
  });
  made.push(
    names,
    widths.map((width) => '─'.repeat(width)),
    ...body.map((row) => row.map((cell) => painted(cell, look))),
  );
  return made.toString().replace(/[ \t]+$/gm, '');
}

/** What is in the last column stands below its line. */
function stacked(names: string[], body: string[][], widths: number[], look: Look): string {
  const above = drawn(
    names.slice(0, -1),
    body.map((row) => row.slice(0, -1)),
    widths.slice(0, -1),
    look,
  ).split('\n');
  return above
    .flatMap((line, index) => [
      line,
      ...wrapped(body[index - 2]?.at(-1) ?? '', (look.width ?? Infinity) - INDENT.length),
    ])
    .join('\n');
}

const INDENT = '    ';

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => INDENT + line);
}

/** Which columns are shown: those that say anything, or as many of them as there is room for. */
function fitting(columns: Column[], cells: string[][], width: number): number[] {
  let shown = columns.map((_, column) => column).filter((column) => cells.some((row) => row[column] !== ''));
  for (;;) {
    const widths = shown.map((column) => widthOf(columns, cells, column));
    const least =
      sum(widths.slice(0, -1)) + Math.min(widths.at(-1) ?? 0, LEAST_LAST) + GAP.length * (widths.length - 1);
    const optional = shown.filter((column) => columns[column]?.isOptional).at(-1);
    if (least <= width || optional === undefined) return shown;
    shown = shown.filter((column) => column !== optional);
  }
}

const widthOf = (columns: Column[], cells: string[][], column: number): number =>
  Math.max(columns[column]?.name.length ?? 0, ...cells.map((row) => row[column]?.length ?? 0));

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Names and values beneath each other; those without a value are left out. */
export function pairs(values: [string, string | undefined][], look: Look): string {
  const shown = values.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [{ name, value }]));
  const width = Math.max(...shown.map(({ name }) => name.length));
  return shown.map(({ name, value }) => name.padEnd(width) + GAP + painted(printable(value), look)).join('\n');
}

const COLOURS: Record<string, number> = {
  accepted: 32,
  expired: 33,
  awaitingApproval: 33,
  failed: 31,
  refused: 31,
  'not read': 31,
  needsReview: 35,
  pendingAcceptance: 36,
  'already open': 36,
};

/** Colours the words that say what became of something; nothing else in a row is one of them. */
function painted(cell: string, { isColoured }: Look): string {
  const colour = isColoured ? COLOURS[cell] : undefined;
  return colour === undefined ? cell : `\u001b[${colour}m${cell}\u001b[39m`;
}

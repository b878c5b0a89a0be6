import { z } from 'zod';
import { settingsSchema } from '../../shared/settings';
import { SECTIONS, WHEN_EMPTY } from './texts';

/** What the schema knows of a setting (JSON Schema, as it is given, before it is read). */
interface Known {
  default?: string | number;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  const?: string;
  anyOf?: Known[];
}

const BEGIN = '<!-- made by npm run docs:settings -->';
const END = '<!-- end -->';

/**
 * The page with its tables made anew: under each heading that is a section of texts.ts, what stands between the two comments.
 * The rest is left as it is. Throws where a section or a setting has no place in it.
 */
export function withTables(page: string): string {
  const known = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }).properties as Record<
    string,
    Known
  >;
  const told = Object.values(SECTIONS).flatMap((texts) => Object.keys(texts));
  const untold = Object.keys(known).filter((name) => !told.includes(name));
  if (untold.length > 0) throw new Error(`tools/settingsPage/texts.ts says nothing of ${untold.join(', ')}.`);
  return Object.entries(SECTIONS).reduce(
    (before, [title, texts]) => withTable(before, title, tableOf(texts, known)),
    page,
  );
}

function withTable(page: string, title: string, table: string): string {
  const start = page.indexOf(`\n## ${title}\n`);
  const begin = page.indexOf(BEGIN, start);
  const end = page.indexOf(END, begin);
  const next = page.indexOf('\n## ', start + 1);
  if (start < 0 || begin < 0 || end < 0 || (next >= 0 && end > next)) {
    throw new Error(`docs/configuration.md needs a section "${title}" with the lines ${BEGIN} and ${END}.`);
  }
  return `${page.slice(0, begin)}${BEGIN}\n\n${table}\n\n${page.slice(end)}`;
}

function tableOf(texts: Record<string, string>, known: Record<string, Known>): string {
  const rows = Object.entries(texts).map(([name, says]) => {
    const of = known[name] ?? {};
    return [code(name), defaultOf(name, of), valuesOf(of), says];
  });
  // A column in which nothing stands says nothing.
  const hasValues = rows.some(([, , values]) => values !== '');
  const table = [['setting', 'default', 'values', 'what it is'], ...rows];
  return aligned(hasValues ? table : table.map(([name = '', standard = '', , says = '']) => [name, standard, says]));
}

function defaultOf(name: string, { default: standard }: Known): string {
  if (standard !== undefined && standard !== '') return code(standard);
  return (WHEN_EMPTY as Record<string, string>)[name] ?? '';
}

function valuesOf({ enum: choices, minimum, maximum, const: word, anyOf }: Known): string {
  if (anyOf) return anyOf.map(valuesOf).join(', ');
  if (word !== undefined) return code(word);
  if (choices) return choices.map(code).join(', ');
  return minimum === undefined || maximum === undefined ? '' : `${minimum} to ${maximum}`;
}

const code = (text: string | number): string => `\`${text}\``;

/** As prettier writes a table: columns as wide as their longest cell. */
function aligned([head = [], ...rows]: string[][]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[], filler: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, filler)).join(' | ')} |`;
  return [line(head, ' '), line([], '-'), ...rows.map((row) => line(row, ' '))].join('\n');
}

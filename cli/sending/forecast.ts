import { z } from 'zod';
import { apiErrorOf } from '../api/apiAnswer';
import { type ReadableEntry, type UnreadableEntry, nameOf } from '../people/people';
import { type Column, table } from '../screen/table';
import type { Look } from '../screen/terminal';
import { count, localTime } from '../screen/text';
import { warningsInShort, warningsSchema } from './warnings';

const resultSchema = z.looseObject({
  status: z.number(),
  index: z.number().int().nonnegative(),
  id: z.string().optional(),
  warnings: warningsSchema,
  sameAs: z.looseObject({ index: z.number() }).optional(),
  invitation: z
    .looseObject({
      status: z.string(),
      sendAt: z.string().optional(),
      reminders: z.array(z.string()).default([]),
      expiresAt: z.string().optional(),
    })
    .optional(),
});

const schema = z.looseObject({ value: z.array(resultSchema) });

type Given = z.output<typeof resultSchema>;

/** What would become of one person of a file. `raw`: everything that the API said of them. */
export interface Forecast {
  entry: ReadableEntry;
  type: 'new' | 'alreadyOpen' | 'twice' | 'refused';
  given: Given;
  why: string;
  raw: object;
}

/** Undefined for an answer that is no dry run's. */
export function forecastsOf(entries: ReadableEntry[], body: unknown): Forecast[] | undefined {
  const parsed = schema.safeParse(body);
  if (!parsed.success) return undefined;
  const raw = (body as { value: object[] }).value;
  return parsed.data.value.flatMap((given, position) => {
    const entry = entries[given.index];
    return entry ? { entry, given, raw: raw[position] ?? {}, ...meaningOf(given, entries) } : [];
  });
}

function meaningOf(given: Given, entries: ReadableEntry[]): Pick<Forecast, 'type' | 'why'> {
  const { status, sameAs } = given;
  const isRefused = status >= 300;
  if (sameAs) {
    const why = `The same person as in line ${entries[sameAs.index]?.line ?? '?'}.`;
    return { type: isRefused ? 'refused' : 'twice', why };
  }
  if (isRefused) return { type: 'refused', why: apiErrorOf(given)?.message ?? `The app answered ${status}.` };
  const why = warningsInShort(given.warnings);
  return { type: status === 200 ? 'alreadyOpen' : 'new', why };
}

const COLUMNS: Column[] = [
  { name: 'line' },
  { name: 'address' },
  { name: 'result' },
  { name: 'mail at' },
  { name: 'reminders', isOptional: true },
  { name: 'expires', isOptional: true },
  { name: 'why' },
];

/** What would become of one line, as a table shows it. */
export type ShownForecast = Forecast | UnreadableEntry;

/** In the file's order. `others`: how many more there are. */
export function forecastTable({ lines, others }: { lines: ShownForecast[]; others: number }, look: Look): string {
  if (lines.length === 0) return '';
  const shown = table(COLUMNS, lines.map(rowOf), look);
  return shown + (others > 0 ? `\n… and ${count(others)} more; --json shows all.` : '');
}

const RESULTS: Record<Forecast['type'], string> = {
  new: 'new',
  alreadyOpen: 'already open',
  twice: 'twice here',
  refused: 'refused',
};

function rowOf(each: ShownForecast): string[] {
  if ('fault' in each) return [String(each.line), '', 'not read', '', '', '', `The line ${each.fault}`];
  const { entry, type, given, why } = each;
  const { invitation } = given;
  const { status, sendAt, reminders = [], expiresAt } = invitation ?? {};
  return [
    String(entry.line),
    nameOf(entry.body),
    status ?? RESULTS[type],
    sendAt === undefined ? '' : localTime(sendAt),
    reminders.map((reminder) => localTime(reminder).slice(0, DATE_LENGTH)).join(' '),
    expiresAt === undefined ? '' : localTime(expiresAt).slice(0, DATE_LENGTH),
    why,
  ];
}

const DATE_LENGTH = '2026-03-02'.length;

export type ForecastCounts = Record<Forecast['type'] | 'notRead', number>;

/** `21 new, 2 already open, 1 twice here, 1 refused.` */
export function tallyOfForecasts({ notRead, ...counts }: ForecastCounts): string {
  const types: Forecast['type'][] = ['new', 'alreadyOpen', 'twice', 'refused'];
  const parts: [number, string][] = [
    ...types.map((type): [number, string] => [counts[type], RESULTS[type]]),
    [notRead, 'not read'],
  ];
  const said = parts.filter(([number], index) => number > 0 || index === 0);
  return `${said.map(([number, what]) => `${count(number)} ${what}`).join(', ')}.`;
}

const PLACE = ['index', 'line', 'sameAs'];

/** One line of --json. The place within the call means nothing to whoever reads it; the line does. */
export const jsonOfForecast = ({ entry, type, why, raw }: Forecast): object => ({
  line: entry.line,
  address: nameOf(entry.body),
  outcome: type,
  ...(why === '' ? {} : { why }),
  ...Object.fromEntries(Object.entries(raw).filter(([name]) => !PLACE.includes(name))),
});

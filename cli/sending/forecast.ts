import { z } from 'zod';
import { apiErrorOf } from '../api/apiAnswer';
import { type Entry, type ReadableEntry, nameOf } from '../people/people';
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

type Unreadable = Exclude<Entry, ReadableEntry>[];

/** Every line, in the file's order: whoever asks beforehand wants to see them all. */
export function forecastTable(forecasts: Forecast[], unreadable: Unreadable, look: Look): string {
  const rows = [
    ...forecasts.map(rowOf),
    ...unreadable.map(({ line, fault }) => [String(line), '', 'not read', '', '', '', `The line ${fault}`]),
  ].sort(([a], [b]) => Number(a) - Number(b));
  return table(COLUMNS, rows, look);
}

const RESULTS: Record<Forecast['type'], string> = {
  new: 'new',
  alreadyOpen: 'already open',
  twice: 'twice here',
  refused: 'refused',
};

function rowOf({ entry, type, given: { invitation }, why }: Forecast): string[] {
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

/** `21 new, 2 already open, 1 twice here, 1 refused.` */
export function tallyOfForecasts(forecasts: Forecast[], unreadable: Unreadable): string {
  const types: Forecast['type'][] = ['new', 'alreadyOpen', 'twice', 'refused'];
  const parts: [number, string][] = [
    ...types.map((type): [number, string] => [forecasts.filter((each) => each.type === type).length, RESULTS[type]]),
    [unreadable.length, 'not read'],
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

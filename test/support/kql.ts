import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { COMMON_FIELDS, EVENTS } from '../../shared/telemetry/events';

/**
 * The queries of infra/kql, read by Microsoft's own parser and checked against the columns of the tables that they ask.
 *
 * The package declares 1.7 MB of globals; what is used of it is declared here.
 * @see https://github.com/microsoft/Kusto-Query-Language/blob/master/src/Kusto.Language/readme.md
 */
interface Kusto {
  Language: {
    GlobalState: { Default: { WithDatabase(database: object): object } };
    KustoCode: { ParseAndAnalyze(query: string, globals: object): Code };
    Symbols: {
      TableSymbol: { From(schema: string): { WithName(name: string): object } };
      DatabaseSymbol: { ctor: new (name: string, tables: object[]) => object };
    };
  };
}
interface Code {
  GetDiagnostics(): List<{ Severity: string; Message: string; Start: number }>;
  ResultType: { Columns: List<{ Name: string; Type: { Name: string } }> } | null;
}
interface List<T> {
  Count: number;
  getItem(index: number): T;
}

export interface Query {
  /** The file's name without .kql. */
  name: string;
  text: string;
}

export interface Analyzed {
  faults: string[];
  /** What the query gives: type by column. */
  columns: Record<string, string>;
}

/**
 * The columns that the queries use, of those that the tables have.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/apptraces
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/apprequests
 */
export const TABLES: Record<string, string> = {
  AppTraces: '(TimeGenerated: datetime, Message: string, SeverityLevel: int, OperationName: string, ItemCount: int)',
  AppRequests:
    '(TimeGenerated: datetime, Name: string, Success: bool, ResultCode: string, DurationMs: real, ItemCount: int)',
};

const FOLDER = join(__dirname, '../../infra/kql');

export const readQueries = (): Query[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.kql'))
    .sort()
    .map((name) => ({ name: name.slice(0, -'.kql'.length), text: readFileSync(join(FOLDER, name), 'utf8') }));

let opened: { kusto: Kusto; globals: object } | undefined;

/** Takes half a second the first time. */
function open(): { kusto: Kusto; globals: object } {
  if (opened) return opened;
  /* eslint-disable @typescript-eslint/no-require-imports -- scripts for a browser: both put themselves into the global object */
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  /* eslint-enable @typescript-eslint/no-require-imports */
  const { Kusto: kusto } = globalThis as unknown as { Kusto: Kusto };
  const { TableSymbol, DatabaseSymbol } = kusto.Language.Symbols;
  const tables = Object.entries(TABLES).map(([name, schema]) => TableSymbol.From(schema).WithName(name));
  const globals = kusto.Language.GlobalState.Default.WithDatabase(new DatabaseSymbol.ctor('workspace', tables));
  return (opened = { kusto, globals });
}

/** What the parser says of a query's syntax, names and types, each with its line. */
export function analyze(text: string): Analyzed {
  const { kusto, globals } = open();
  const code = kusto.Language.KustoCode.ParseAndAnalyze(text, globals);
  const faults = entriesOf(code.GetDiagnostics()).map(
    ({ Message, Start }) => `line ${text.slice(0, Start).split('\n').length}: ${Message}`,
  );
  const columns = code.ResultType ? entriesOf(code.ResultType.Columns) : [];
  return { faults, columns: Object.fromEntries(columns.map(({ Name, Type }) => [Name, Type.Name])) };
}

const entriesOf = <T>(list: List<T>): T[] => Array.from({ length: list.Count }, (_, index) => list.getItem(index));

const LOGGED: [event: string, fields: readonly string[]][] = Object.entries(EVENTS).map(([event, { fields }]) => [
  event,
  fields,
]);

/** What is wrong with a query: what the parser says, and events or fields that no line of the app's log has. */
export function queryFaults({ name, text }: Query): string[] {
  const events = quotedAfter(/\bevent (?:==|in) /, text);
  // What `has` looks for stands in the line as a word, so it is the name of an event or of a field.
  const words = quotedAfter(/\bMessage has(?:_any)? /, text);
  const isAskedFor = (word: string): boolean => events.includes(word) || words.includes(word);
  const asked = LOGGED.filter(([event, fields]) => isAskedFor(event) || fields.some(isAskedFor));
  const names = asked.map(([event]) => event);
  const theirs = ['event', 'message', ...COMMON_FIELDS, ...asked.flatMap(([, fields]) => fields)];
  return [
    ...analyze(text).faults,
    ...(text.startsWith('// ') ? [] : ['does not say what it is for']),
    ...events.filter((event) => !names.includes(event)).map((event) => `nobody logs ${event}`),
    ...words.filter((word) => ![...names, ...theirs].includes(word)).map((word) => `no line of the log has ${word}`),
    ...fieldsIn(text)
      .filter((field) => !theirs.includes(field))
      .map((field) => `${names.join(', ')} has no ${field}`),
  ].map((fault) => `${name}.kql: ${fault}`);
}

/** Events that queries ask for by name. */
export const askedEvents = (queries: Query[]): string[] => [
  ...new Set(queries.flatMap(({ text }) => quotedAfter(/\bevent (?:==|in) /, text))),
];

/** Words in quotes in the sources that log: among them the name of every event that is ever logged. */
export function wordsWhereEventsAreLogged(): string[] {
  const root = join(__dirname, '../..');
  return ['functions', 'shared']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name)),
    )
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .filter((text) => /\blogEvent\(/.test(text))
    .flatMap((text) => [...text.matchAll(/'(\w+)'/g)].map(([, word = '']) => word));
}

/** The texts in quotes right after that: one, or several in parentheses. */
const quotedAfter = (before: RegExp, text: string): string[] =>
  [...text.matchAll(new RegExp(`${before.source}(\\([^)]*\\)|"[^"]*")`, 'g'))].flatMap(([, names = '']) =>
    [...names.matchAll(/"([^"]*)"/g)].map(([, one = '']) => one),
  );

/** `line.source`, or `line['kind']` where the name is a word of the language. */
const fieldsIn = (text: string): string[] =>
  [...text.matchAll(/\bline(?:\.|\[')(\w+)/g)].map(([, field = '']) => field);

import type { Node } from 'web-tree-sitter';
import { durationMs } from '../../shared/domain/time';
import { type BicepFile, bodyOf, declared, literal, propertiesOf, valueAt } from './bicep';
import { analyze, readQueries } from './kql';

/** An alert on logs, as modules/alerts.bicep writes it. */
interface Rule {
  name: string;
  severity: number;
  /** Name of its file in infra/kql, without .kql. */
  query: string | undefined;
  aggregation: string | undefined;
  column: string | undefined;
  /** ISO 8601; undefined where it is a parameter. */
  window: string | undefined;
  mute: string | undefined;
}

export interface Workbook {
  items: {
    type: number;
    name: string;
    content: { query?: string; timeContextFromParameter?: string; parameters?: { name: string }[] };
  }[];
}

const ALERTS = 'modules/alerts.bicep';
const WORKBOOK = 'modules/workbook.bicep';

/** `loadTextContent('../kql/NAME.kql')` → NAME */
const loadedQuery = (node: Node | undefined): string | undefined =>
  /^loadTextContent\('\.\.\/kql\/(\w+)\.kql'\)$/.exec(node?.text ?? '')?.[1];

function rulesOf(files: BicepFile[]): Rule[] {
  const rules = declared(files, ALERTS, 'var', 'rules').value?.namedChildren.filter(({ type }) => type === 'object');
  return (rules ?? []).map((rule) => ({
    name: literal(valueAt(rule, 'name')) ?? '',
    severity: Number(valueAt(rule, 'severity')?.text),
    query: loadedQuery(valueAt(rule, 'query')),
    aggregation: literal(valueAt(rule, 'aggregation')),
    column: literal(valueAt(rule, 'column')),
    window: literal(valueAt(rule, 'window')),
    mute: literal(valueAt(rule, 'mute')),
  }));
}

/** Names of all alerts, on logs and on metrics, with their severity. */
export function severitiesOf(files: BicepFile[]): Record<string, number> {
  const metricAlert = declared(files, ALERTS, 'resource', 'deadLettersLeft');
  const severity = Number(valueAt(bodyOf(metricAlert), 'properties.severity')?.text);
  return Object.fromEntries([
    ...rulesOf(files).map((rule) => [rule.name, rule.severity] as const),
    [metricAlert.name, severity] as const,
  ]);
}

/** Alerts that could not fire, or that could keep quiet about something. */
export function alertFaults(files: BicepFile[]): string[] {
  const queries = new Map(readQueries().map(({ name, text }) => [name, text]));
  return rulesOf(files).flatMap((rule) => {
    const text = queries.get(rule.query ?? '');
    if (text === undefined) return [`${rule.name} has no query of infra/kql`];
    const { columns } = analyze(text);
    const isQuiet =
      rule.mute !== undefined && (rule.window === undefined || durationMs(rule.mute) > durationMs(rule.window));
    return [
      ...columnFaults(rule, columns),
      ...([1, 2].includes(rule.severity) ? [] : [`${rule.name} has severity ${rule.severity}`]),
      ...(isQuiet ? [`${rule.name} is muted for longer than it looks back`] : []),
    ];
  });
}

/** Rows are counted; anything else is computed from a column of numbers. */
function columnFaults({ name, aggregation, column }: Rule, columns: Record<string, string>): string[] {
  if (aggregation === 'Count') return column === undefined ? [] : [`${name} counts rows and names ${column}`];
  const type = columns[column ?? ''];
  return ['int', 'long', 'real'].includes(type ?? '') ? [] : [`${name}: ${String(column)} is no number of its query`];
}

/** Queries that the workbook names and that are not put there, that it leaves out, or that are asked for all time. */
export function workbookFaults(files: BicepFile[], { items }: Workbook): string[] {
  const put = propertiesOf(declared(files, WORKBOOK, 'var', 'queries').value);
  const names = put.map(({ name }) => name);
  const queries = items.filter(({ type }) => type === 3);
  const shown = queries.map(({ content }) => content.query ?? '');
  const parameters = items.flatMap(({ content }) => content.parameters ?? []).map(({ name }) => name);
  return [
    ...put
      .filter(({ name, value }) => `${String(loadedQuery(value))}.kql` !== name)
      .map(({ name }) => `${name} is another`),
    ...shown.filter((query) => !names.includes(query)).map((query) => `${query} is not put into the workbook`),
    ...readQueries()
      .map(({ name }) => `${name}.kql`)
      .filter((query) => !shown.includes(query))
      .map((query) => `${query} is not shown in the workbook`),
    ...queries
      .filter(({ content }) => !parameters.includes(content.timeContextFromParameter ?? ''))
      .map(({ name }) => `${name} has no time range`),
  ];
}

/** The sections of a page between two headings of level 2: text by heading of level 3. */
export function sectionsOf(page: string, heading: string): Record<string, string> {
  const part = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const sections = part.split(/^### /m).slice(1);
  return Object.fromEntries(sections.map((text) => [text.slice(0, text.indexOf('\n')).trim(), text]));
}

/** Alerts without a section of the runbook, sections without an alert, and sections that say too little. */
export function runbookFaults(files: BicepFile[], page: string): string[] {
  const severities = severitiesOf(files);
  const sections = sectionsOf(page, 'Alerts');
  return [
    ...Object.keys(severities)
      .filter((name) => sections[name] === undefined)
      .map((name) => `${name} has no section`),
    ...Object.entries(sections).flatMap(([name, text]) => {
      const severity = severities[name];
      if (severity === undefined) return [`there is no alert ${name}`];
      return [
        ...(text.includes(`Severity ${severity}`) ? [] : [`${name} does not say that it has severity ${severity}`]),
        ...(/^```\n[\s\S]+?^```$/m.test(text) ? [] : [`${name} has no command`]),
      ];
    }),
  ];
}

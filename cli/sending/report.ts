import { nameOf } from '../people/people';
import { type Column, table } from '../screen/table';
import type { Look } from '../screen/terminal';
import { count } from '../screen/text';
import type { Plan } from './plan';
import type { Result } from './result';
import { warningsInShort } from './warnings';

/** A file of more lines than that is shown by what needs a look alone. */
const SHOWN_WHOLE = 30;
const MOST_ROWS = 100;

const COLUMNS: Column[] = [
  { name: 'line' },
  { name: 'address' },
  { name: 'result' },
  { name: 'id', isOptional: true },
  { name: 'why' },
];

type Unreadable = Plan['unreadable'];

/** For people: every line of a small file; of a big one, those that were refused. */
export function sendTable(results: Result[], unreadable: Unreadable, look: Look): string {
  const rows = [
    ...results.map(rowOf),
    ...unreadable.map(({ line, fault }) => [line, '', 'not read', '', `The line ${fault}`]),
  ]
    .sort(([a], [b]) => Number(a) - Number(b))
    .filter((row, _, all) => all.length <= SHOWN_WHOLE || row[2] === 'refused' || row[2] === 'not read');
  if (rows.length === 0) return '';
  const shown = rows.slice(0, MOST_ROWS).map((row) => row.map(String));
  const rest = rows.length - shown.length;
  return table(COLUMNS, shown, look) + (rest > 0 ? `\n… and ${count(rest)} more; --json shows all.` : '');
}

function rowOf(result: Result): (string | number)[] {
  const { entry } = result;
  const person = nameOf(entry.body);
  switch (result.type) {
    case 'requested':
      return [entry.line, person, result.status ?? 'requested', result.id, ''];
    case 'alreadyOpen':
      return [entry.line, person, 'already open', result.id, warningsInShort(result.warnings)];
    case 'refused':
      return [entry.line, person, 'refused', '', result.error.message];
  }
}

/** `21 requested, 3 already open, 1 refused, 1 not read.` */
export function tallyOf(results: Result[], unreadable: Unreadable): string {
  const of = (type: Result['type']): number => results.filter((result) => result.type === type).length;
  const parts: [number, string][] = [
    [of('requested'), 'requested'],
    [of('alreadyOpen'), 'already open'],
    [of('refused'), 'refused'],
    [unreadable.length, 'not read'],
  ];
  const said = parts.filter(([number], index) => number > 0 || index === 0);
  return `${said.map(([number, what]) => `${count(number)} ${what}`).join(', ')}.`;
}

/** What the app warns of in new invitations, each kind once. */
export function warningsOf(results: Result[]): string[] {
  const seen = new Map<string, { message: string; times: number }>();
  for (const result of results) {
    for (const { code, message } of result.type === 'requested' ? result.warnings : []) {
      seen.set(code, { message, times: (seen.get(code)?.times ?? 0) + 1 });
    }
  }
  return [...seen.values()].map(
    ({ message, times }) => `Note${times > 1 ? ` (${count(times)} times)` : ''}: ${message}`,
  );
}

/** One line of --json. */
export const jsonOf = ({ entry, given, ...result }: Result): object => ({
  line: entry.line,
  address: nameOf(entry.body),
  outcome: result.type,
  ...(result.type === 'refused' ? { error: result.error } : { id: result.id, ...invitationIn(given) }),
});

const invitationIn = (given: object): object => ('invitation' in given ? { invitation: given.invitation } : {});

export const jsonOfUnreadable = ({ line, fault }: Unreadable[number]): object => ({
  line,
  outcome: 'notRead',
  error: { code: 'notRead', message: `The line ${fault}` },
});

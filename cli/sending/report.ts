import { type UnreadableEntry, nameOf } from '../people/people';
import { type Column, table } from '../screen/table';
import type { Look } from '../screen/terminal';
import { count } from '../screen/text';
import type { Counts, Ledger, Shown } from './ledger';
import type { Result } from './result';
import { warningsInShort } from './warnings';

const COLUMNS: Column[] = [
  { name: 'line' },
  { name: 'address' },
  { name: 'result' },
  { name: 'id', isOptional: true },
  { name: 'why' },
];

/** For people: every line of a small file; of a big one, those that were refused. */
export function sendTable({ lines, others }: ReturnType<Ledger['shown']>, look: Look): string {
  if (lines.length === 0) return '';
  const shown = table(
    COLUMNS,
    lines.map((each) => rowOf(each).map(String)),
    look,
  );
  return shown + (others > 0 ? `\n… and ${count(others)} more; --json shows all.` : '');
}

function rowOf(each: Shown): (string | number)[] {
  if ('fault' in each) return [each.line, '', 'not read', '', `The line ${each.fault}`];
  const { entry } = each;
  const person = nameOf(entry.body);
  switch (each.type) {
    case 'requested':
      return [entry.line, person, each.status ?? 'requested', each.id, ''];
    case 'alreadyOpen':
      return [entry.line, person, 'already open', each.id, warningsInShort(each.warnings)];
    case 'refused':
      return [entry.line, person, 'refused', '', each.error.message];
  }
}

/** `21 requested, 3 already open, 1 refused, 1 not read.` */
export function tallyOf({ requested, alreadyOpen, refused, notRead }: Readonly<Counts>): string {
  const parts: [number, string][] = [
    [requested, 'requested'],
    [alreadyOpen, 'already open'],
    [refused, 'refused'],
    [notRead, 'not read'],
  ];
  const said = parts.filter(([number], index) => number > 0 || index === 0);
  return `${said.map(([number, what]) => `${count(number)} ${what}`).join(', ')}.`;
}

export const warningsOf = ({ warnings }: Ledger): string[] =>
  [...warnings.values()].map(({ message, times }) => `Note${times > 1 ? ` (${count(times)} times)` : ''}: ${message}`);

/** One line of --json. */
export const jsonOf = ({ entry, given, ...result }: Result): object => ({
  line: entry.line,
  address: nameOf(entry.body),
  outcome: result.type,
  ...(result.type === 'refused' ? { error: result.error } : { id: result.id, ...invitationIn(given) }),
});

const invitationIn = (given: object): object => ('invitation' in given ? { invitation: given.invitation } : {});

export const jsonOfUnreadable = ({ line, fault }: UnreadableEntry): object => ({
  line,
  outcome: 'notRead',
  error: { code: 'notRead', message: `The line ${fault}` },
});

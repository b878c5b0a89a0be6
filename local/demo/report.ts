import { isDeepStrictEqual } from 'node:util';
import Table from 'cli-table3';
import { type Line, invited } from './story';

/** How the final table looks: colour only where it is wanted, and as wide as there is room. */
export interface Look {
  width: number;
  isColoured: boolean;
}

/** Who got what and why, one line of the file after the other. */
export function outcomeTable(lines: Line[], { width, isColoured }: Look): string {
  const rows = lines.map((line) => [
    line.hire.externalId,
    line.hire.invitedUserEmailAddress,
    statusOf(line),
    mailsOf(line),
    whyOf(line, lines),
  ]);
  const head = ['line', 'address', 'status', 'mails', 'why'];
  const widths = head
    .slice(0, 4)
    .map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const taken = widths.reduce((sum, each) => sum + each + 3, 1);
  const table = new Table({
    head,
    style: { head: isColoured ? ['bold'] : [], border: isColoured ? ['grey'] : [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colWidths: [...widths.map((each) => each + 2), Math.max(30, width - taken - 1)],
    wordWrap: true,
  });
  for (const row of rows) table.push(row.map((cell, column) => (column === 2 ? paint(cell, isColoured) : cell)));
  return table.toString();
}

const statusOf = ({ answer, invitation }: Line): string => {
  if (answer.status === 202) return invitation?.status ?? 'unknown';
  return answer.status === 200 ? 'duplicate' : 'not taken';
};

const COLOURS: Record<string, number> = { accepted: 32, expired: 33, failed: 31, 'not taken': 31 };

const paint = (text: string, isColoured: boolean): string =>
  isColoured ? `\u001b[${COLOURS[text] ?? 36}m${text}\u001b[39m` : text;

/** As many as Graph sent: `1`, or `1 + 2` with two reminders. */
function mailsOf({ mails }: Line): string {
  if (mails.length === 0) return '–';
  return mails.length === 1 ? '1' : `1 + ${mails.length - 1}`;
}

function whyOf({ answer, invitation }: Line, lines: Line[]): string {
  if ('why' in answer) return answer.why;
  if (answer.status === 200) {
    const first = lines.find((other) => other.answer.status === 202 && other.answer.id === answer.id);
    return `The same person as ${first?.hire.externalId ?? 'before'}, who has an open invitation: that one is the answer.`;
  }
  if (!invitation) return 'The invitation could not be read.';
  const end = endOf(invitation);
  return [...waysOf(invitation), end].join(' ');
}

type Shown = NonNullable<Line['invitation']>;

const WAYS: Record<string, string> = {
  'postponed TooManyRequests': 'Graph throttled: waited for as long as it said.',
  'postponed ServiceUnavailable': 'Graph was away: waited for as long as it said.',
  resolvedSent: 'Graph’s answer was lost: looked, found it had been mailed, mailed nothing again.',
};

/** What was special on the way. */
const waysOf = ({ history }: Shown): string[] =>
  history.flatMap(({ what, detail }) => WAYS[what] ?? WAYS[`${what} ${detail ?? ''}`] ?? []);

function endOf({ status, sends, fault }: Shown): string {
  const reminders = sends.length - 1;
  switch (status) {
    case 'accepted':
      if (sends.length === 0) return 'Is a guest already: nothing to mail.';
      return reminders === 0 ? 'Accepted after the first mail.' : `Accepted after reminder ${reminders}.`;
    case 'expired':
      return `Never accepted: ${reminders} reminders, then expired.`;
    case 'failed':
      return `Graph refused: ${fault?.message ?? 'no reason given'}.`;
    default:
      return fault?.message ?? `Is ${status}.`;
  }
}

export interface Verdict {
  /** What to say at the end. */
  sentences: string[];
  /** What came out and must not; empty when all is well. */
  faults: string[];
}

/** Compares what Graph mailed with what was recorded, and every line with what the plot says must come of it. */
export function verdictOf(lines: Line[]): Verdict {
  const sent = sum(lines, ({ mails }) => mails.length);
  const recorded = sum(lines, ({ invitation }) => invitation?.sends.length ?? 0);
  const doubled = sum(lines, ({ mails, invitation }) => Math.max(0, mails.length - (invitation?.sends.length ?? 0)));
  const unsent = sum(lines, ({ mails, invitation }) => Math.max(0, (invitation?.sends.length ?? 0) - mails.length));
  const same = lines.filter(({ answer, repeated }) => isDeepStrictEqual(answer, repeated)).length;
  const faults = lines.flatMap((line) => faultsOf(line).map((fault) => `${line.hire.externalId}: ${fault}`));
  return {
    sentences: [
      `${sent} mails sent by Graph, ${recorded} recorded, ${doubled} doubled${unsent > 0 ? `, ${unsent} recorded but not sent` : ''}.`,
      `The file was sent twice with the same Idempotency-Keys: ${same} of ${lines.length} answers as before, ${invited(lines).length} invitations.`,
    ],
    faults,
  };
}

const sum = (lines: Line[], of: (line: Line) => number): number => lines.reduce((total, line) => total + of(line), 0);

function faultsOf({ part, answer, repeated, invitation, mails }: Line): string[] {
  const differs = (what: string, is: unknown, must: unknown): string[] =>
    is === must ? [] : [`${what} is ${String(is)}, and must be ${String(must)}`];
  const { shows } = part;
  const isShown = shows === undefined || invitation?.history.some(({ what }) => what === shows) === true;
  return [
    ...differs('the answer', answer.status, part.answer),
    ...differs('the status', invitation?.status, part.status),
    ...differs('the number of mails', mails.length, part.mails),
    ...differs('the number of recorded mails', invitation?.sends.length ?? 0, part.mails),
    ...(isShown ? [] : [`the history does not tell of "${shows}"`]),
    ...(isDeepStrictEqual(answer, repeated) ? [] : ['the same line sent again got another answer']),
  ];
}

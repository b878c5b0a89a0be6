import { isDeepStrictEqual } from 'node:util';
import Table from 'cli-table3';
import type { KindOutcome } from './kinds';
import type { Line, Story } from './story';

/** How the final table looks: colour only where it is wanted, and as wide as there is room. */
export interface Look {
  width: number;
  isColoured: boolean;
}

/** Who got what and why, in the order of the file. No borders: it reads as well in a pipe. */
export function outcomeTable(lines: Line[], { width, isColoured }: Look): string {
  const rows = lines.map((line, index) => [
    String(index + 1),
    line.hire.invitedUserEmailAddress,
    statusOf(line),
    mailsOf(line),
    whyOf(line, lines),
  ]);
  const widths = HEAD.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const taken = widths.slice(0, -1).reduce((sum, each) => sum + each + GAP.length, 0);
  const why = Math.min(widths.at(-1) ?? 0, Math.max(LEAST_WHY, width - taken));
  const colWidths = [...widths.slice(0, -1), why];
  const table = new Table({
    style: { 'padding-left': 0, 'padding-right': 0, border: [] },
    chars: { ...NO_BORDER, middle: GAP },
    colWidths,
    wordWrap: true,
  });
  const rule = colWidths.map((each) => '─'.repeat(each));
  table.push([...HEAD], rule, ...rows.map((row) => row.map((cell) => (isColoured ? paint(cell) : cell))));
  return table.toString().replace(/ +$/gm, '');
}

/** One line for each other kind. */
export function kindsTable(outcomes: KindOutcome[], isColoured: boolean): string {
  const rows = outcomes.map(({ page, what, invitation, why }) => [page, what, invitation.status, why]);
  const table = new Table({
    style: { 'padding-left': 0, 'padding-right': 0, border: [] },
    chars: { ...NO_BORDER, middle: GAP },
  });
  table.push(...rows.map((row) => row.map((cell) => (isColoured ? paint(cell) : cell))));
  return table.toString().replace(/ +$/gm, '');
}

const HEAD = ['#', 'address', 'status', 'mails', 'why'] as const;
const GAP = '  ';
/** Below that, a terminal breaks the lines instead. */
const LEAST_WHY = 20;

const NO_BORDER = Object.fromEntries(
  ['top', 'mid', 'bottom']
    .flatMap((edge) => [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`])
    .concat('left', 'left-mid', 'mid-mid', 'right', 'right-mid')
    .map((place) => [place, '']),
);

const statusOf = ({ answer, invitation }: Line): string => {
  if (answer.status === 202) return invitation?.status ?? 'unknown';
  return answer.status === 200 ? 'duplicate' : 'not taken';
};

const COLOURS: Record<string, number> = { accepted: 32, expired: 33, failed: 31, 'not taken': 31, duplicate: 36 };

/** Colours the words of the status column; nothing else in a row is one of them. */
function paint(cell: string): string {
  const colour = COLOURS[cell];
  return colour === undefined ? cell : `\u001b[${colour}m${cell}\u001b[39m`;
}

/** As many as Graph sent: `1`, or `1 + 2` with two reminders. */
function mailsOf({ mails }: Line): string {
  if (mails.length === 0) return '–';
  return mails.length === 1 ? '1' : `1 + ${mails.length - 1}`;
}

function whyOf({ answer, invitation }: Line, lines: Line[]): string {
  if ('why' in answer) return answer.why;
  if (answer.status === 200) {
    const first = lines.findIndex((other) => other.answer.status === 202 && other.answer.id === answer.id);
    return `Same person as ${first + 1}: answered with that invitation.`;
  }
  if (!invitation) return 'The invitation could not be read.';
  const end = endOf(invitation);
  return [...waysOf(invitation), end].join(' ');
}

type Shown = NonNullable<Line['invitation']>;

const WAYS: Record<string, string> = {
  'postponed TooManyRequests': 'Throttled (429): waited as told.',
  'postponed ServiceUnavailable': 'Graph away (503): waited as told.',
  resolvedSent: 'Answer lost: found as mailed.',
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
      return `Never accepted: expired after ${reminders} reminders.`;
    case 'failed':
      return `Graph refused: ${fault?.message.replace(/\.$/, '') ?? 'no reason given'}.`;
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
export function verdictOf({ lines, mails }: Story): Verdict {
  const recorded = sum(lines, ({ invitation }) => invitation?.sends.length ?? 0);
  const reminders = sum(lines, ({ invitation }) => Math.max(0, (invitation?.sends.length ?? 0) - 1));
  const doubled = sum(lines, (line) => Math.max(0, line.mails.length - (line.invitation?.sends.length ?? 0)));
  const sameAnswers = lines.filter(({ answer, repeated }) => isDeepStrictEqual(answer, repeated)).length;
  const faults = lines.flatMap((line, index) => faultsOf(line).map((fault) => `line ${index + 1}: ${fault}`));
  if (mails.length !== recorded) faults.push(`${mails.length} mails were sent and ${recorded} recorded`);
  return {
    sentences: [
      tallyOf(lines),
      `${mails.length} mails sent by Graph, ${recorded} recorded (${recorded - reminders} first, ${reminders} reminders), ${doubled} doubled.`,
      `The file was sent twice with the same Idempotency-Keys: ${sameAnswers} of ${lines.length} answers as before, nobody invited again.`,
    ],
    faults,
  };
}

/** `17 accepted, 4 expired, …` */
function tallyOf(lines: Line[]): string {
  const tally = new Map<string, number>();
  for (const line of lines) tally.set(statusOf(line), (tally.get(statusOf(line)) ?? 0) + 1);
  return `${[...tally].map(([status, count]) => `${count} ${status}`).join(', ')}.`;
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

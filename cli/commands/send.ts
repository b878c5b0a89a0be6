import { randomUUID } from 'node:crypto';
import { stringifyExactly } from '../../shared/domain/exactJson';
import { CliFault, EXIT, type ExitCode } from '../cliFault';
import { type RequestOptions, withOptions } from '../people/requestOptions';
import { readPeople } from '../people/readPeople';
import { showProgress } from '../screen/progress';
import { count, counted } from '../screen/text';
import { deliver } from '../sending/deliver';
import { type Ledger, makeLedger } from '../sending/ledger';
import { type Plan, planOf } from '../sending/plan';
import { jsonOf, jsonOfUnreadable, sendTable, tallyOf, warningsOf } from '../sending/report';
import type { Session } from '../session';

export interface SendOptions extends RequestOptions {
  /** Names one sending of a file: another name sends it anew. */
  round?: string;
}

/** `b2b-invite send`: requests an invitation for everybody in a file, or for one address. */
export async function send(session: Session, fileOrAddress: string, options: SendOptions): Promise<ExitCode> {
  const people = withOptions(await readPeople(fileOrAddress, session.place), options);
  // Somebody who types an address again means it; the app still knows an open invitation.
  const plan = await planOf(people, { salt: people.isFile ? options.round : randomUUID() });
  const ledger = makeLedger(plan.lines);
  const fault = await sendAll(session, plan, ledger).then(() => undefined, asFault);
  return report(session, plan, ledger, fault);
}

async function sendAll(session: Session, plan: Plan, ledger: Ledger): Promise<void> {
  const { terminal } = session;
  const progress = showProgress(terminal, { verb: 'sent', total: plan.total }, session.nowMs);
  const print = (line: object): void => {
    if (session.isJson) terminal.print(stringifyExactly(line));
  };
  session.tell.line = progress.say;
  try {
    await deliver(session.call, plan, {
      onStart: ledger.begin,
      onUnsent: ledger.release,
      onUnreadable: (entry) => {
        ledger.leaveOut(entry);
        print(jsonOfUnreadable(entry));
      },
      onResults: (settled) => {
        ledger.settle(settled);
        [...settled.values()].flat().forEach((each) => print(jsonOf(each)));
        progress.update(ledger.settled());
      },
    });
  } finally {
    progress.end();
    session.tell.line = terminal.say;
  }
}

/** What ends a sending early; anything else is a mistake of ours and thrown. */
function asFault(error: unknown): CliFault {
  if (error instanceof CliFault) return error;
  throw error;
}

function report(session: Session, plan: Plan, ledger: Ledger, fault: CliFault | undefined): ExitCode {
  const { terminal, isJson } = session;
  const shown = isJson ? '' : sendTable(ledger.shown(), terminal.look);
  if (shown !== '') terminal.print(shown);
  for (const warning of warningsOf(ledger)) terminal.say(warning);
  if (fault) return reportEarlyEnd(session, plan, ledger, fault);
  terminal.say(tallyOf(ledger.counts));
  return ledger.counts.notRead + ledger.counts.refused === 0 ? EXIT.ok : EXIT.someFailed;
}

/** What was sent, what may have been, what was not, and the command that goes on from there. */
function reportEarlyEnd({ terminal, again }: Session, { total }: Plan, ledger: Ledger, fault: CliFault): ExitCode {
  const [settled, underWay] = [ledger.settled(), ledger.underWay()];
  terminal.say(fault.message);
  if (settled + underWay === 0) {
    terminal.say('Nothing was sent.');
    return fault.exitCode;
  }
  const parts = [
    `${count(settled)} of ${counted(total, 'line', 'lines')} sent`,
    ...(underWay > 0 ? [`${count(underWay)} under way, which may have arrived`] : []),
    `${count(total - settled - underWay)} not sent`,
  ];
  terminal.say(`${parts.join('; ')}.`);
  if (settled > 0) terminal.say(`So far: ${tallyOf(ledger.counts)}`);
  terminal.say(`To go on, run the same again. Nobody is invited twice by that:\n  ${again}`);
  return fault.exitCode;
}

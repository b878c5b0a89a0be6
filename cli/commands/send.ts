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
  const people = withOptions(readPeople(fileOrAddress, session.place), options);
  // Somebody who types an address again means it; the app still knows an open invitation.
  const plan = planOf(people, { salt: people.digest === undefined ? randomUUID() : options.round });
  const ledger = makeLedger();
  if (session.isJson)
    plan.unreadable.forEach((entry) => session.terminal.print(stringifyExactly(jsonOfUnreadable(entry))));
  const fault = await sendAll(session, plan, ledger).then(() => undefined, asFault);
  return report(session, plan, ledger, fault);
}

async function sendAll(session: Session, plan: Plan, ledger: Ledger): Promise<void> {
  const total = plan.chunks.reduce((sum, { entries }) => sum + entries.length, 0);
  const { terminal } = session;
  const progress = showProgress(terminal, { verb: 'sent', total }, session.nowMs);
  session.tell.line = progress.say;
  try {
    await deliver(session.call, plan, {
      onStart: ledger.begin,
      onUnsent: ledger.release,
      onResults: (settled) => {
        ledger.settle(settled);
        if (session.isJson)
          [...settled.values()].flat().forEach((each) => terminal.print(stringifyExactly(jsonOf(each))));
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
  const results = ledger.results();
  const shown = isJson ? '' : sendTable(results, plan.unreadable, terminal.look);
  if (shown !== '') terminal.print(shown);
  for (const warning of warningsOf(results)) terminal.say(warning);
  if (fault) return reportEarlyEnd(session, plan, ledger, fault);
  terminal.say(tallyOf(results, plan.unreadable));
  const isFine = plan.unreadable.length === 0 && results.every(({ type }) => type !== 'refused');
  return isFine ? EXIT.ok : EXIT.someFailed;
}

/** What was sent, what may have been, what was not, and the command that goes on from there. */
function reportEarlyEnd({ terminal, again }: Session, plan: Plan, ledger: Ledger, fault: CliFault): ExitCode {
  const total = plan.chunks.reduce((sum, { entries }) => sum + entries.length, 0);
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
  if (settled > 0) terminal.say(`So far: ${tallyOf(ledger.results(), plan.unreadable)}`);
  terminal.say(`To go on, run the same again. Nobody is invited twice by that:\n  ${again}`);
  return fault.exitCode;
}

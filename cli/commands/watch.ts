import { stringifyExactly } from '../../shared/domain/exactJson';
import { type Status, phaseOf } from '../../shared/domain/invitation';
import { type GivenInvitation, type ShownInvitation, personOf } from '../api/shownInvitation';
import { CliFault, EXIT, type ExitCode, usageFault } from '../cliFault';
import { inParallel } from '../inParallel';
import { type Progress, showProgress } from '../screen/progress';
import { count, printable } from '../screen/text';
import type { Session } from '../session';
import { watchedIds } from './watchTargets';

export interface WatchOptions {
  file?: string;
  /** Seconds between two looks. */
  interval: string;
  until: 'closed' | 'sent';
}

const LOOKS_AT_ONCE = 8;

/** `b2b-invite watch`: tells of every change until nothing more happens by itself. */
export async function watch(session: Session, given: string[], options: WatchOptions): Promise<ExitCode> {
  const intervalMs = secondsOf(options.interval) * 1000;
  const ids = await watchedIds(session, given, options.file);
  const isDone = options.until === 'sent' ? isSent : isSettled;
  const seen = new Map<string, ShownInvitation>();
  const gone = new Set<string>();
  const progress = showProgress(
    session.terminal,
    { verb: options.until === 'sent' ? 'sent' : 'closed', total: ids.length },
    session.nowMs,
  );
  session.tell.line = progress.say;
  try {
    for (;;) {
      const open = ids.filter((id) => !gone.has(id) && !isDone(seen.get(id)));
      await inParallel(open, LOOKS_AT_ONCE, async (id) => {
        const found = await session.invitations.get(id);
        if (!found) {
          gone.add(id);
          progress.say(`${id} is not there, or was erased.`);
          return;
        }
        tellChange(session, progress, seen.get(id), found);
        seen.set(id, found.shown);
      });
      const left = ids.filter((id) => !gone.has(id) && !isDone(seen.get(id)));
      progress.update(ids.length - left.length, tallyOf([...seen.values()]));
      if (left.length === 0) break;
      await session.sleep(intervalMs);
    }
  } catch (error) {
    progress.end();
    if (error instanceof CliFault) session.terminal.say(`So far: ${tallyOf([...seen.values()])}.`);
    throw error;
  } finally {
    progress.end();
  }
  session.terminal.say(`${tallyOf([...seen.values()])}.`);
  return gone.size === 0 && [...seen.values()].every(isWell) ? EXIT.ok : EXIT.someFailed;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0.2 && seconds <= 86_400) return seconds;
  throw usageFault(`--interval: "${text}" is no number of seconds from 0.2 to 86400.`);
}

/** Closed, or waiting for a person: nothing more is mailed by itself. */
const isSettled = (shown: ShownInvitation | undefined): boolean =>
  shown !== undefined && phaseOf(shown.status) !== 'open';

const isSent = (shown: ShownInvitation | undefined): boolean =>
  isSettled(shown) || shown?.status === 'pendingAcceptance';

const isWell = ({ status }: ShownInvitation): boolean => status !== 'failed' && status !== 'needsReview';

function tellChange(
  { terminal, isJson }: Session,
  progress: Progress,
  before: ShownInvitation | undefined,
  { shown, raw }: GivenInvitation,
): void {
  const hasChanged = before?.status !== shown.status || before.sends.length !== shown.sends.length;
  if (!hasChanged) return;
  if (isJson) {
    terminal.print(stringifyExactly(raw));
    return;
  }
  const time = new Date().toLocaleTimeString('sv-SE');
  const mails = before && before.sends.length < shown.sends.length ? `, mail ${shown.sends.length}` : '';
  const from = before && before.status !== shown.status ? `${before.status} → ` : '';
  const why = shown.fault ? `: ${shown.fault.message}` : '';
  progress.print(printable(`${time}  ${personOf(shown)}  ${from}${shown.status}${mails}${why}`));
}

/** `12 pendingAcceptance, 3 accepted` */
function tallyOf(all: ShownInvitation[]): string {
  const tally = new Map<Status, number>();
  for (const { status } of all) tally.set(status, (tally.get(status) ?? 0) + 1);
  return [...tally].map(([status, number]) => `${count(number)} ${status}`).join(', ') || 'nothing seen yet';
}

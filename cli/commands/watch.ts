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

/** What is known of the invitations that are watched. */
interface Watched {
  ids: string[];
  seen: Map<string, ShownInvitation>;
  /** Erased, or not this caller's. */
  gone: Set<string>;
}

/** `b2b-invite watch`: tells of every change until nothing more happens by itself. */
export async function watch(session: Session, given: string[], options: WatchOptions): Promise<ExitCode> {
  const intervalMs = secondsOf(options.interval) * 1000;
  const ids = await watchedIds(session, given, options.file);
  const watched: Watched = { ids, seen: new Map(), gone: new Set() };
  const task = { verb: options.until, total: ids.length };
  const progress = showProgress(session.terminal, task, session.nowMs);
  session.tell.line = progress.say;
  try {
    await follow(session, watched, progress, { intervalMs, isDone: IS_DONE[options.until] });
  } catch (error) {
    progress.end();
    if (error instanceof CliFault) session.terminal.say(`So far: ${tallyOf(watched)}.`);
    throw error;
  } finally {
    progress.end();
  }
  session.terminal.say(`${tallyOf(watched)}.`);
  return watched.gone.size === 0 && [...watched.seen.values()].every(isWell) ? EXIT.ok : EXIT.someFailed;
}

interface Following {
  intervalMs: number;
  isDone: (shown: ShownInvitation) => boolean;
}

async function follow(session: Session, watched: Watched, progress: Progress, following: Following): Promise<void> {
  const { ids, seen, gone } = watched;
  const stillOpen = (): string[] =>
    ids.filter((id) => {
      const shown = seen.get(id);
      return !gone.has(id) && !(shown && following.isDone(shown));
    });
  for (let open = ids; ;) {
    await inParallel(open, LOOKS_AT_ONCE, (id) => look(session, watched, progress, id));
    open = stillOpen();
    progress.update(ids.length - open.length, tallyOf(watched));
    if (open.length === 0) return;
    await session.sleep(following.intervalMs);
  }
}

async function look(session: Session, { seen, gone }: Watched, progress: Progress, id: string): Promise<void> {
  const found = await session.invitations.get(id);
  if (!found) {
    gone.add(id);
    progress.say(`${id} is not there, or was erased.`);
    return;
  }
  tellChange(session, progress, seen.get(id), found);
  seen.set(id, found.shown);
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0.2 && seconds <= 86_400) return seconds;
  throw usageFault(`--interval: "${text}" is no number of seconds from 0.2 to 86400.`);
}

/** Closed, or waiting for a person: nothing more is mailed by itself. */
const isSettled = ({ status }: ShownInvitation): boolean => phaseOf(status) !== 'open';

const IS_DONE: Record<WatchOptions['until'], (shown: ShownInvitation) => boolean> = {
  closed: isSettled,
  sent: (shown) => isSettled(shown) || shown.status === 'pendingAcceptance',
};

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
function tallyOf({ seen }: Watched): string {
  const tally = new Map<Status, number>();
  for (const { status } of seen.values()) tally.set(status, (tally.get(status) ?? 0) + 1);
  return [...tally].map(([status, number]) => `${count(number)} ${status}`).join(', ') || 'nothing seen yet';
}

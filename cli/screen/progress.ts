import { MultiBar } from 'cli-progress';
import { count, shortDuration } from './text';
import type { Terminal } from './terminal';

export interface Progress {
  update: (done: number, note?: string) => void;
  /** A message and a result that stay, above a bar that moves. */
  say: (line: string) => void;
  print: (line: string) => void;
  /** Leaves the terminal as it was found; may be called again. */
  end: () => void;
}

export interface Task {
  /** What is done, such as `sent`. */
  verb: string;
  total: number;
}

/** A bar on a terminal; plain lines elsewhere, when something has changed and not too often. */
export const showProgress = (terminal: Terminal, task: Task, nowMs: () => number): Progress =>
  terminal.bar ? bar(terminal, terminal.bar, task, nowMs) : lines(terminal, task, nowMs);

const LONGEST_BAR = 30;
/** What stands beside the bar: `1,000/1,000 sent · 25.3/s · 1:02:03 left`. */
const ROOM_FOR_TEXT = 46;

function bar(
  { print, look }: Terminal,
  { stream, width }: NonNullable<Terminal['bar']>,
  task: Task,
  nowMs: () => number,
): Progress {
  const size = Math.max(5, Math.min(LONGEST_BAR, width - ROOM_FOR_TEXT));
  const speed = makeSpeed(nowMs);
  let [done, note]: [number, string | undefined] = [0, undefined];
  // Of the two kinds of the package, the one that can write lines above its bar.
  const bars = new MultiBar({
    stream,
    // Asked for at each drawing, so that the rate is that of now however long nothing comes.
    format: () =>
      barOf(done / task.total, size) + cut(textOf(task, done, note ?? speed(done, task.total)), width - size),
    hideCursor: true,
    clearOnComplete: true,
    // Else a bar that has not moved is not drawn again below a line.
    forceRedraw: true,
    // Ctrl-C is the command's to answer.
    gracefulExit: false,
  });
  bars.create(task.total, 0);
  const say = (line: string): void => bars.log(`${line}\n`);
  let hasEnded = false;
  return {
    update: (nowDone, nowNote) => {
      [done, note] = [nowDone, nowNote];
    },
    say,
    // Results that go into a pipe stay out of the terminal.
    print: look.width === undefined ? print : say,
    end: () => {
      if (hasEnded) return;
      hasEnded = true;
      // Writes the lines that wait.
      bars.update();
      bars.stop();
    },
  };
}

function barOf(share: number, size: number): string {
  const full = Math.floor(share * size);
  return `${'█'.repeat(full)}${'░'.repeat(size - full)} `;
}

/** A line that wraps could not be drawn over. */
const cut = (text: string, room: number): string => text.slice(0, Math.max(0, room - 2));

const FIRST_LINE_MS = 2000;
const LINE_EVERY_MS = 5000;

function lines({ say, print }: Terminal, task: Task, nowMs: () => number): Progress {
  const speed = makeSpeed(nowMs);
  let nextAtMs = nowMs() + FIRST_LINE_MS;
  return {
    update: (done, note) => {
      if (nowMs() < nextAtMs) return;
      nextAtMs = nowMs() + LINE_EVERY_MS;
      say(textOf(task, done, note ?? speed(done, task.total)));
    },
    say,
    print,
    end: () => undefined,
  };
}

const textOf = ({ verb, total }: Task, done: number, note: string): string =>
  `${count(done)}/${count(total)} ${verb}${note === '' ? '' : ` · ${note}`}`;

/** Rate and time left, from what was done since the start; nothing before there is something to go by. */
function makeSpeed(nowMs: () => number): (done: number, total: number) => string {
  const startedAtMs = nowMs();
  return (done, total) => {
    const seconds = (nowMs() - startedAtMs) / 1000;
    if (done === 0 || seconds < 0.5) return '';
    const rate = done / seconds;
    const left = done < total ? ` · ${shortDuration(((total - done) / rate) * 1000)} left` : '';
    return `${rate >= 100 ? count(Math.round(rate)) : rate.toFixed(1)}/s${left}`;
  };
}

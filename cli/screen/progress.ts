import { SingleBar } from 'cli-progress';
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
  terminal.barStream ? bar(terminal, terminal.barStream, task, nowMs) : lines(terminal, task, nowMs);

const LONGEST_BAR = 30;
/** What stands beside the bar: `1,000/1,000 sent · 25.3/s · 1:02:03 left`. */
const ROOM_FOR_TEXT = 46;

function bar({ say, print }: Terminal, stream: NodeJS.WriteStream, task: Task, nowMs: () => number): Progress {
  const single = new SingleBar({
    stream,
    format: '{bar} {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: Math.max(5, Math.min(LONGEST_BAR, stream.columns - ROOM_FOR_TEXT)),
    hideCursor: true,
    clearOnComplete: true,
    emptyOnZero: true,
    // Ctrl-C is the command's to answer.
    gracefulExit: false,
  });
  const speed = makeSpeed(nowMs);
  single.start(task.total, 0, { text: textOf(task, 0, '') });
  let last: [number, string | undefined] = [0, undefined];
  const update: Progress['update'] = (done, note) => {
    last = [done, note];
    single.update(done, { text: cut(textOf(task, done, note ?? speed(done, task.total)), stream.columns) });
  };
  /** The bar's line is emptied for another and drawn anew below it. */
  const above = (write: (line: string) => void) => (line: string) => {
    stream.write('\r\u001b[2K');
    write(line);
    update(...last);
  };
  return {
    update,
    say: above(say),
    print: above(print),
    end: () => {
      if (!single.isActive) return;
      single.stop();
      stream.write('\r\u001b[2K');
    },
  };
}

/** A line that wraps could not be drawn over. */
const cut = (text: string, columns: number): string => text.slice(0, Math.max(10, columns - LONGEST_BAR - 2));

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

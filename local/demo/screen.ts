import { MultiBar } from 'cli-progress';
import type { Progress } from './story';

/** Where progress is shown while the demo runs. */
export interface Screen {
  update: (progress: Progress, totals: Progress) => void;
  /** Leaves the terminal as it was found; may be called again. */
  end: () => void;
}

const LABELS: Record<keyof Progress, string> = {
  accepted: 'requests answered',
  sent: 'invitations mailed',
  closed: 'brought to an end',
};
const STAGES: (keyof Progress)[] = ['accepted', 'sent', 'closed'];

/** Three bars on a terminal. */
export function barScreen(stream: NodeJS.WriteStream): Screen {
  const bars = new MultiBar({
    stream,
    format: '  {label} {bar} {value}/{total}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 32,
    hideCursor: true,
    gracefulExit: false,
    emptyOnZero: true,
  });
  const bar = Object.fromEntries(
    STAGES.map((stage) => [stage, bars.create(0, 0, { label: LABELS[stage].padEnd(18) })]),
  );
  return {
    update: (progress, totals) => {
      for (const stage of STAGES) {
        bar[stage]?.setTotal(totals[stage]);
        bar[stage]?.update(progress[stage]);
      }
    },
    end: () => bars.stop(),
  };
}

const LINE_EVERY_MS = 2000;

/** Plain lines where there is no terminal: one when something has changed, every two seconds at most. */
export function lineScreen(print: (line: string) => void, nowMs: () => number): Screen {
  const startedAt = nowMs();
  let printedAt = startedAt;
  let printed = '';
  let latest = '';
  const flush = (): void => {
    if (latest === printed) return;
    const seconds = ((nowMs() - startedAt) / 1000).toFixed(1).padStart(5);
    print(`${seconds} s  ${latest}`);
    [printed, printedAt] = [latest, nowMs()];
  };
  return {
    update: (progress, totals) => {
      latest = STAGES.map((stage) => `${LABELS[stage]} ${progress[stage]}/${totals[stage]}`).join(', ');
      if (nowMs() - printedAt >= LINE_EVERY_MS) flush();
    },
    end: flush,
  };
}

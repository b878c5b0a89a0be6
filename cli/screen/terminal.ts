/** How something is shown: as wide as there is room (undefined: no limit), in colour where it is wanted. */
export interface Look {
  width: number | undefined;
  isColoured: boolean;
}

/** Where a command speaks: results to stdout, everything else to stderr, so that a pipe gets results alone. */
export interface Terminal {
  print: (text: string) => void;
  say: (text: string) => void;
  look: Look;
  /** Where a bar may be drawn; undefined in a pipe, a log, or a terminal that can't. */
  bar: { stream: NodeJS.WriteStream; width: number } | undefined;
}

/** Of a terminal that does not tell its own. */
const USUAL_WIDTH = 80;

/** NO_COLOR (https://no-color.org) and TERM=dumb are kept to. */
export function terminalOf(
  { stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>,
  env: NodeJS.ProcessEnv,
): Terminal {
  const isDumb = env['TERM'] === 'dumb';
  return {
    print: (text) => stdout.write(`${text}\n`),
    say: (text) => stderr.write(`${text}\n`),
    look: {
      width: stdout.isTTY ? stdout.columns || USUAL_WIDTH : undefined,
      isColoured: stdout.isTTY && !isDumb && !env['NO_COLOR'],
    },
    bar: stderr.isTTY && !isDumb ? { stream: stderr, width: stderr.columns || USUAL_WIDTH } : undefined,
  };
}

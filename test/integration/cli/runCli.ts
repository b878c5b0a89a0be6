import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitFor } from '../../support/waitFor';

const PROGRAM = path.join(__dirname, '../../../dist/cli/b2bInvite.js');

export interface Ended {
  code: number | NodeJS.Signals;
  out: string;
  errors: string;
}

export interface Running {
  out: () => string;
  errors: () => string;
  type: (text: string) => void;
  signal: (signal: NodeJS.Signals) => void;
  ended: Promise<Ended>;
}

export interface RunOptions {
  env?: Record<string, string>;
  input?: string;
  folder?: string;
}

/** Starts the compiled command line with nothing of this machine's environment but PATH; `npm run build` comes first. */
export const startCli = (args: string[], options: RunOptions = {}): Running =>
  start([process.execPath, PROGRAM, ...args], options);

/** The same in a terminal of 90 columns, which `script` of util-linux makes; what is typed goes to its keyboard. */
export function startInTerminal(args: string[], { env = {}, ...options }: RunOptions = {}): Running {
  const quoted = [process.execPath, PROGRAM, ...args].map((each) => `'${each.replaceAll("'", `'\\''`)}'`).join(' ');
  const command = `stty cols 90 rows 40; exec ${quoted}`;
  return start(['script', '-qfec', command, '/dev/null'], {
    ...options,
    input: undefined,
    env: { TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
  });
}

interface StartOptions extends Omit<RunOptions, 'input'> {
  input?: string | undefined;
}

function start([command = '', ...args]: string[], { env = {}, folder, ...options }: StartOptions): Running {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...env },
    cwd: folder ?? __dirname,
  });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  // A program that ends without reading is no fault of the test.
  child.stdin.on('error', () => undefined);
  if (!('input' in options)) child.stdin.end();
  else if (options.input !== undefined) child.stdin.end(options.input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? signal ?? -1, out, errors });
    });
  });
  running.add(child);
  return {
    out: () => out,
    errors: () => errors,
    type: (text) => child.stdin.write(text),
    signal: (signal) => child.kill(signal),
    ended,
  };
}

const running = new Set<ReturnType<typeof spawn>>();

/** Ends what a test that failed has left. */
export const endAll = (): void => running.forEach((child) => child.kill('SIGKILL'));

export const runCli = (args: string[], options?: RunOptions): Promise<Ended> => startCli(args, options).ended;

/** A folder that goes with the tests of this file. */
export function makeFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'b2b-invite-'));
  return {
    folder,
    write: (name: string, content: string | Buffer): string => {
      writeFileSync(path.join(folder, name), content);
      return path.join(folder, name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const jsonLines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

export const untilSaid = (program: Running, pattern: RegExp): Promise<unknown> =>
  waitFor(() => pattern.test(program.out() + program.errors()), {
    describe: `${String(pattern)} in ${JSON.stringify(program.out() + program.errors())}`,
  });

/** Without the lines that tell how far it is: they come where a machine is slow. */
export const withoutProgress = (errors: string): string => errors.replace(/^[\d,]+\/[\d,]+ .*\n/gm, '');

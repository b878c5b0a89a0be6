import { spawn } from 'node:child_process';
import path from 'node:path';
import { waitFor } from './waitFor';

export interface LocalProcess {
  /** Everything printed so far. */
  stdout: () => string;
  stderr: () => string;
  /** The first group of a pattern, once it was printed. */
  printed: (pattern: RegExp) => Promise<string>;
  /** As a terminal does it: to the program and every process that it started. */
  signal: (signal: NodeJS.Signals) => void;
  /** To the program alone. */
  signalAlone: (signal: NodeJS.Signals) => void;
  /** Ends what may have ended by itself. */
  signalIfRunning: (signal: NodeJS.Signals) => void;
  /** The exit code, or the signal that ended it, once nothing that it started is left. */
  ended: (timeoutMs?: number) => Promise<number | NodeJS.Signals>;
}

const ROOT = path.join(__dirname, '..', '..');

type Environment = Record<string, string>;

const pathOf = (name: string): string => path.join(ROOT, 'dist', 'local', `${name}.js`);

/** Runs a compiled program of local/ with nothing but `env`, as the head of a process group; `npm run build` comes first. */
export const startProgram = (name: 'start' | 'demo', env: Environment, args: string[] = []): LocalProcess =>
  startGroup([process.execPath, pathOf(name), ...args], env);

/** The same under a shell that stays, as npm starts it: `signalAlone` then meets the shell. */
export const startShell = (name: 'start' | 'demo', env: Environment): LocalProcess =>
  startGroup(['/bin/sh', '-c', '"$0" "$1"; exit $?', process.execPath, pathOf(name)], env);

function startGroup([command, ...args]: [string, ...string[]], env: Environment): LocalProcess {
  const child = spawn(command, args, {
    detached: true,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  let end: number | NodeJS.Signals | undefined;
  child.on('close', (code, signal) => (end = code ?? signal ?? -1));
  const group = -(child.pid ?? 0);
  const isGone = (): boolean => {
    try {
      process.kill(group, 0);
      return false;
    } catch {
      return true;
    }
  };
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    printed: (pattern) =>
      waitFor(
        () => {
          if (end !== undefined)
            throw new Error(`It ended with ${end} before it printed ${String(pattern)}: ${stderr}`);
          return pattern.exec(stdout)?.[1];
        },
        { timeoutMs: 40_000, describe: `${String(pattern)} in what it prints` },
      ),
    signal: (signal) => process.kill(group, signal),
    signalAlone: (signal) => child.kill(signal),
    signalIfRunning: (signal) => {
      if (!isGone()) process.kill(group, signal);
    },
    ended: (timeoutMs = 20_000) =>
      waitFor(() => (isGone() ? end : undefined), {
        timeoutMs,
        describe: 'the end of it and all its processes',
      }),
  };
}

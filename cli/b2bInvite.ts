#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CliFault, EXIT, type ExitCode } from './cliFault';
import { runProgram } from './program';
import { terminalOf } from './screen/terminal';

const packageJson = z.object({ version: z.string() });

const versionOf = (): string =>
  packageJson.parse(JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'))).version;

/** The first Ctrl-C ends what runs and says where it stands, a second one ends at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const onSignal = (exitCode: ExitCode) => (): void => {
    if (stop.signal.aborted) process.exit(exitCode);
    stop.abort(new CliFault(exitCode, 'Stopped.'));
  };
  process.on('SIGINT', onSignal(EXIT.interrupted)).on('SIGTERM', onSignal(EXIT.terminated));
  return stop.signal;
}

async function main(): Promise<ExitCode> {
  const { env } = process;
  const terminal = terminalOf(process, env);
  // npm runs scripts in the package's folder and notes where the person was.
  const folder = (env['npm_lifecycle_event'] === 'invite' ? env['INIT_CWD'] : undefined) ?? process.cwd();
  const typed = process.argv.slice(2);
  try {
    return await runProgram({ terminal, env, folder, typed, signal: stopSignal() }, versionOf());
  } catch (error) {
    if (!(error instanceof CliFault)) throw error;
    terminal.say(error.message);
    return error.exitCode;
  }
}

// Whoever reads a pipe may have had enough ("| head"): no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

main().then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    console.error(error);
    process.exitCode = EXIT.someFailed;
  },
);

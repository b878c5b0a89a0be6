import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { FunctionsHost, FunctionsHostOptions } from '../../local/functionsHost/startFunctionsHost';
import type { LogEntry } from '../../local/functionsHost/invoke';
import { sentenceIn } from '../../shared/telemetry/log';
import { waitFor } from './waitFor';

/** What a function of a fixture told; `seen` says which and what. */
export interface Sighting {
  seen: string;
  [detail: string]: unknown;
}

/** `message` is the sentence for people, `line` the line that was logged. */
export interface ToldEntry extends LogEntry {
  line: string;
}

const told = (entry: LogEntry): ToldEntry => ({ ...entry, message: sentenceIn(entry.message), line: entry.message });

export interface HostProcess extends Pick<FunctionsHost, 'httpPort' | 'functions'> {
  fireTimer: (name: string) => Promise<unknown>;
  url: (path: string) => string;
  logs: ToldEntry[];
  /** What the process wrote to stdout and stderr beside its logs; shown as well. */
  output: string[];
  /** Bytes in use after a full collection. */
  memory: () => Promise<NodeJS.MemoryUsage>;
  sightings: Sighting[];
  /** Waits for the nth sighting (1 is the first) of that name. */
  seen: (name: string, nth?: number) => Promise<Sighting>;
  /** Lets the functions that wait go on. */
  release: () => Promise<unknown>;
  stopHost: () => Promise<unknown>;
  /** Starts the stopped host again in the same process, on the same port. */
  restartHost: () => Promise<unknown>;
  /** Ends the process too. */
  end: () => Promise<void>;
  /** Ends it as a machine does that loses its power. */
  kill: () => Promise<void>;
}

export const fixtureApp = path.join(__dirname, 'fixtureApp');

interface Reply {
  id: number;
  answer?: unknown;
  error?: string;
}

/** Starts a host on a free port in a child process, with nothing but `env` in its environment; `npm run build` comes first. */
export async function startHostProcess(
  options: Partial<Omit<FunctionsHostOptions, 'onLog' | 'serviceBusConnectionOf'>> = {},
  env: Record<string, string> = {},
): Promise<HostProcess> {
  const child = fork(path.join(__dirname, 'functionsHostRunner.js'), {
    env: { TEST_SCHEDULE: '0 0 0 1 1 *', ...env },
    silent: true,
  });
  const output: string[] = [];
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from?.on('data', (chunk: Buffer) => {
      output.push(chunk.toString());
      to.write(chunk);
    });
  }
  const logs: ToldEntry[] = [];
  const sightings: Sighting[] = [];
  child.on('message', (message: { log?: LogEntry } | Sighting) => {
    if ('log' in message && message.log) logs.push(told(message.log as LogEntry));
    if ('seen' in message) sightings.push(message);
  });
  const call = makeCaller(child);
  const endBy = (way: () => void) => async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    way();
    await once(child, 'exit');
  };
  const end = endBy(() => child.disconnect());

  const started = await call('start', { appRoot: fixtureApp, httpPort: 0, ...options }).catch(
    async (error: unknown) => {
      await end();
      throw error;
    },
  );
  const { httpPort, functions } = started as Pick<FunctionsHost, 'httpPort' | 'functions'>;
  return {
    httpPort,
    functions,
    logs,
    output,
    memory: () => call('memory') as Promise<NodeJS.MemoryUsage>,
    sightings,
    url: (target) => `http://127.0.0.1:${httpPort}${target}`,
    seen: (name, nth = 1) =>
      waitFor(() => sightings.filter(({ seen }) => seen === name)[nth - 1], { describe: `sighting ${nth} of ${name}` }),
    fireTimer: (name) => call('fireTimer', name),
    release: () => call('release'),
    stopHost: () => call('stop'),
    restartHost: () => call('start', { appRoot: fixtureApp, ...options, httpPort }),
    end,
    kill: endBy(() => child.kill('SIGKILL')),
  };
}

function makeCaller(child: ChildProcess): (command: string, argument?: unknown) => Promise<unknown> {
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  child.on('message', ({ id, answer, error }: Reply) => {
    if (error === undefined) waiting.get(id)?.resolve(answer);
    else waiting.get(id)?.reject(new Error(error));
    waiting.delete(id);
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`The host's process ended with code ${String(code)}.`));
  });
  return (command, argument) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      child.send({ id: lastId, command, argument });
    });
}

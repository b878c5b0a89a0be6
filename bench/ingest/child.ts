import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process that does what it is asked, one command at a time or many. */
export interface Child {
  /** Rejects with what the command threw, or when the process ended. */
  ask: (command: string, argument?: unknown) => Promise<unknown>;
  /** Lets it end by itself, and waits until it has. */
  end: () => Promise<void>;
}

interface Question {
  id: number;
  command: string;
  argument: unknown;
}

interface Told {
  told: unknown;
}

type Reply = { id: number; answer: unknown } | { id: number; error: string };

export interface ChildOptions {
  /** Another Node than the one that runs this. */
  execPath?: string;
  /** Gets what it tells unasked. */
  onTold?: (what: unknown) => void;
}

/** Starts a compiled program that calls `answerParent`, with nothing but `env` in its environment. */
export function startChild(
  file: string,
  env: Record<string, string> = {},
  { execPath = process.execPath, onTold }: ChildOptions = {},
): Child {
  const child = fork(file, {
    env,
    execPath,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  child.on('message', (message: Reply | Told) => {
    if ('told' in message) onTold?.(message.told);
  });
  const ask = makeAsk(child);
  return {
    ask,
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

function makeAsk(child: ChildProcess): Child['ask'] {
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  child.on('message', (reply: Reply | Told) => {
    if ('told' in reply) return;
    if ('error' in reply) waiting.get(reply.id)?.reject(new Error(reply.error));
    else waiting.get(reply.id)?.resolve(reply.answer);
    waiting.delete(reply.id);
  });
  child.on('exit', (code, signal) => {
    const ended = new Error(`${child.spawnargs[1] ?? 'A process'} ended with ${String(code ?? signal)}.`);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  });
  return (command, argument) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      const question: Question = { id: lastId, command, argument };
      child.send(question, (error) => {
        if (error) reject(error);
      });
    });
}

/** In the child: answers what it is asked until its parent is gone, then ends. `cpuMs` is there without being named. */
export function answerParent(commands: Record<string, (argument: unknown) => unknown>): void {
  const all: typeof commands = { cpuMs, ...commands };
  process.on('message', ({ id, command, argument }: Question) => {
    void (async () => {
      let reply: Reply;
      try {
        reply = { id, answer: await all[command]?.(argument) };
      } catch (error) {
        reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
      }
      process.send?.(reply);
    })();
  });
  process.once('disconnect', () => process.exit());
}

/** In the child: tells the parent something that it did not ask for. */
export function tellParent(what: unknown): void {
  const message: Told = { told: what };
  process.send?.(message);
}

/** Processor time of all threads of this process so far. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

import { type ChildProcess, spawn } from 'node:child_process';
import library from './jsonata.json';
import { CONTEXT_PROGRAM, PROCESS_PROGRAM } from './sandboxProgram';

/** One JSONata expression of a task. What a gate gives decides whether the next steps are run: only `true` lets them. */
export interface SandboxStep {
  name: string;
  expression: string;
  isGate?: boolean;
}

export type SandboxFailure =
  /** The expression itself failed. `code` is JSONata's (https://docs.jsonata.org) or the name of the engine's error. */
  | {
      type: 'failed';
      at: string;
      code: string;
      /** Where in the expression, from 0. */
      position?: number;
      token?: string;
      /** JSONata's own sentence. May quote the payload: for a person's screen, never for a log. */
      detail?: string;
    }
  | { type: 'tooLarge'; at: string }
  | { type: 'timedOut' | 'outOfMemory' | 'crashed' }
  /** Too many tasks wait already; nothing was tried. */
  | { type: 'busy' };

/** The results by step, as JSON texts; a step has none where its expression gave nothing or was behind a gate. */
export type SandboxAnswer =
  { ok: true; results: Partial<Record<string, string>> } | { ok: false; failure: SandboxFailure };

export interface SandboxLimits {
  /** For all steps of one task, without the start of the process. */
  timeMs: number;
  /** Of the results' JSON, all steps together. */
  mostCharacters: number;
  memoryMb: number;
  /** Calls within calls in an expression. */
  stack: number;
  /** Entries of one sequence that an expression makes. */
  sequence: number;
  /** Tasks that may wait for the one in hand. */
  waiting: number;
}

export const SANDBOX_LIMITS: SandboxLimits = {
  timeMs: 1000,
  mostCharacters: 256 * 1024,
  memoryMb: 64,
  stack: 500,
  sequence: 100_000,
  waiting: 100,
};

const START_LIMIT_MS = 10_000;

/** How much longer than its own limit the process may stay silent before it is killed. */
const GRACE_MS = 1000;

export interface Sandbox {
  /** Never rejects: what goes wrong is in the answer. `payload` is a JSON text. */
  run(steps: SandboxStep[], payload: string): Promise<SandboxAnswer>;
  close(): Promise<void>;
}

/**
 * Evaluates JSONata with nothing reachable but the payload, within limits of time, memory and size. One task after the
 * other, in a process of its own, which starts with the first task (some 50 ms) and again after it died.
 *
 * A process and not a worker thread, because `resourceLimits` of a thread don't hold for one big allocation: a text of
 * 200 MB in a thread took the whole functions host down with it.
 */
export function makeSandbox(limits: SandboxLimits = SANDBOX_LIMITS): Sandbox {
  let child: ChildProcess | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function runNow(task: string): Promise<SandboxAnswer> {
    const { timeMs } = limits;
    try {
      if (!child?.connected) child = await start(limits);
      return answerOf(await exchange(child, { task, timeMs }, timeMs + GRACE_MS));
    } catch (error) {
      stop();
      return { ok: false, failure: { type: error instanceof ProcessLost ? error.type : 'crashed' } };
    }
  }

  function stop(): void {
    child?.kill('SIGKILL');
    child = undefined;
  }

  return {
    run(steps, payload) {
      if (waiting > limits.waiting) return Promise.resolve({ ok: false, failure: { type: 'busy' } });
      waiting += 1;
      const { mostCharacters, stack, sequence } = limits;
      const task = JSON.stringify({ steps, payload, mostCharacters, stack, sequence });
      const answer = last.then(() => runNow(task)).finally(() => (waiting -= 1));
      last = answer;
      return answer;
    },
    async close() {
      await last;
      stop();
    },
  };
}

function answerOf(text: string): SandboxAnswer {
  const answer = JSON.parse(text) as { ok: true; results: Record<string, string> } | ({ ok: false } & SandboxFailure);
  if (answer.ok) return answer;
  const { ok, ...failure } = answer;
  return { ok, failure };
}

/** The process gave no answer and can't be used any more. */
class ProcessLost extends Error {
  constructor(readonly type: 'timedOut' | 'outOfMemory' | 'crashed') {
    super(`The sandbox ${type}.`);
  }
}

async function start({ memoryMb }: SandboxLimits): Promise<ChildProcess> {
  const flags = [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=8', ...permissionFlag(), '-e'];
  const child = spawn(process.execPath, [...flags, PROCESS_PROGRAM], {
    // The settings, among them secrets, are no business of a mapping. Windows starts no process without SystemRoot.
    env: process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    windowsHide: true,
  });
  // An error with nobody listening would end this process; whoever waits for an answer hears of it.
  child.on('error', () => undefined);
  await exchange(child, { library, program: CONTEXT_PROGRAM }, START_LIMIT_MS);
  return child;
}

/** Takes files and processes away from the process altogether, where this Node can (20: experimental; 22.13: stable). */
const permissionFlag = (): string[] =>
  ['--permission', '--experimental-permission']
    .filter((flag) => process.allowedNodeEnvironmentFlags.has(flag))
    .slice(0, 1);

/** Sends a message and waits for the answer; throws `ProcessLost` when the process ends or the time is over before. */
function exchange(child: ChildProcess, message: object, timeMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      // Idle, it doesn't keep this process alive.
      child.unref();
      child.channel?.unref();
      settle();
    };
    const lost = (type: ProcessLost['type']): void => finish(() => reject(new ProcessLost(type)));
    const timer = setTimeout(lost, timeMs, 'timedOut' as const);
    const onMessage = (answer: unknown): void => finish(() => resolve(String(answer)));
    const onExit = (code: number | null, signal: string | null): void =>
      lost(signal === 'SIGABRT' || code === 134 ? 'outOfMemory' : 'crashed');
    const onError = (): void => lost('crashed');
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    child.ref();
    child.channel?.ref();
    child.send(message, (error) => {
      if (error) lost('crashed');
    });
  });
}

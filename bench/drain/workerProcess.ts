import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join, relative, sep } from 'node:path';
import { type FunctionsHost, startFunctionsHost } from '../../local/functionsHost/startFunctionsHost';
import { loadApp } from '../../local/functionsHost/loadApp';
import { services } from '../../shared/clients';
import { answerParent, startChild } from '../ingest/child';
import { ROOT } from '../result';
import { watchSends } from './sendTimes';

export interface Worker {
  /** Everything loaded and every connection open, and no message taken. */
  warmUp: () => Promise<void>;
  /** Takes messages from now on. */
  go: () => Promise<void>;
  /** Takes no more messages, until `go` again. */
  rest: () => Promise<void>;
  /** Since `go`, once no call of Graph is in hand. */
  report: () => Promise<WorkerReport>;
  end: () => Promise<void>;
}

export interface WorkerReport {
  /** How long each call of POST /invitations took, as the worker saw it. */
  sendMs: number[];
  /** Messages that advanceInvitation was given. */
  messages: number;
  /** Processor time since `go`. */
  cpuMs: number;
  /** Errors that were logged, the first few. */
  errors: string[];
}

export interface WorkerOptions {
  /** With the timers; in Azure one instance has them too. */
  hasTimers: boolean;
  /** In place of host.json's maxConcurrentCalls. */
  concurrency?: number;
}

const QUEUE_FUNCTIONS = ['advanceInvitation', 'recordDeadLetter'];
const ERRORS_KEPT = 5;

/** The product's compiled functions in the local host, in a process of their own: an instance of the app. */
export function startWorker(env: Record<string, string>, options: WorkerOptions): Worker {
  const child = startChild(__filename, env);
  return {
    warmUp: async () => {
      await child.ask('warmUp', options);
    },
    go: async () => {
      await child.ask('go', options);
    },
    rest: async () => {
      await child.ask('rest');
    },
    report: async () => (await child.ask('report')) as WorkerReport,
    end: async () => {
      await child.ask('stop').catch(() => undefined);
      await child.end();
    },
  };
}

/** The product's own folder, or one with another host.json in which the same files are named. */
function appRootFor({ concurrency }: WorkerOptions): string {
  if (concurrency === undefined) return ROOT;
  const root = mkdtempSync(join(tmpdir(), 'bench-drain-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  const main = relative(root, join(ROOT, 'dist', 'functions', '*.js'))
    .split(sep)
    .join('/');
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'bench', main }));
  cpSync(join(ROOT, 'host.json'), join(root, 'host.json'));
  const hostJson = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')) as HostJson;
  hostJson.extensions.serviceBus.maxConcurrentCalls = concurrency;
  writeFileSync(join(root, 'host.json'), JSON.stringify(hostJson));
  return root;
}

interface HostJson {
  extensions: { serviceBus: { maxConcurrentCalls: number } };
}

if (require.main === module) {
  let host: FunctionsHost | undefined;
  let appRoot = ROOT;
  let messages = 0;
  let cpuAtStart = process.cpuUsage();
  const errors: string[] = [];
  const sends = watchSends();
  let sendsBefore = 0;
  const onLog = ({ level, functionName = '', message }: { level: string; functionName?: string; message: string }) => {
    const isError = level === 'error' || level === 'critical';
    if (isError && errors.length < ERRORS_KEPT) errors.push(`${functionName}: ${message}`);
  };

  answerParent({
    warmUp: async (argument) => {
      const { hasTimers, ...options } = argument as WorkerOptions;
      appRoot = appRootFor({ hasTimers, ...options });
      const app = await loadApp(appRoot, () => undefined);
      app.hooks.preInvocation.push((context) => {
        const { functionName } = (context as { invocationContext: { functionName: string } }).invocationContext;
        if (functionName === 'advanceInvitation') messages += 1;
      });
      const { checkHealth, wakeInvitations } = await services();
      await checkHealth();
      // As where the app has run for a while: the timer knows how far it has come, and hints nothing twice.
      if (hasTimers) await wakeInvitations();
    },
    go: async (argument) => {
      const { hasTimers } = argument as WorkerOptions;
      messages = 0;
      sendsBefore = sends.sendMs.length;
      cpuAtStart = process.cpuUsage();
      const onlyFunctions = [...QUEUE_FUNCTIONS, ...(hasTimers ? ['wakeInvitations'] : [])];
      host = await startFunctionsHost({ appRoot, httpPort: 0, onlyFunctions, onLog });
    },
    report: async (): Promise<WorkerReport> => {
      // Graph has decided, and its answer is still on the way: the slowest calls would be missing.
      while (sends.inHand() > 0) await sleep(20);
      const { user, system } = process.cpuUsage(cpuAtStart);
      return { sendMs: sends.sendMs.slice(sendsBefore), messages, cpuMs: (user + system) / 1000, errors };
    },
    rest: () => host?.stop(),
    stop: () => host?.stop(),
  });
}
